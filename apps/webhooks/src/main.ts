import { runService } from '@caio/service-kit';
import { startWebhooks } from './start.ts';

void runService({ service: 'webhooks', start: startWebhooks });
