import { fileURLToPath } from 'node:url';
import { runService } from '@caio/service-kit';
import { startGateway } from './start.ts';

const deskFolder = fileURLToPath(new URL('desk', import.meta.url));

void runService({ service: 'gateway', start: (context) => startGateway(context, deskFolder) });
