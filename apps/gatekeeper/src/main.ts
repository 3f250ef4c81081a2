import { runService } from '@caio/service-kit';
import { startGatekeeper } from './start.ts';

void runService({ service: 'gatekeeper', start: startGatekeeper });
