import { runService } from '@caio/service-kit';
import { startScheduler } from './start.ts';

void runService({ service: 'scheduler', start: startScheduler });
