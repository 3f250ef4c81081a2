import { runService } from '@caio/service-kit';
import { startGateway } from './start.ts';

void runService({ service: 'gateway', start: startGateway });
