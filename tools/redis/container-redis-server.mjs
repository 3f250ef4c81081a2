#!/usr/bin/env node
// Stands in for redis-server where only a container engine is at hand: takes the same `--name value` arguments,
// runs a redis:7 container that publishes the same port, and ends with it. Tests that stop, kill and restart
// their own server use it like the real program.
import { spawn } from 'node:child_process';
import { findExecutable } from '../process/find-executable.mjs';
import { containerArguments } from './container-arguments.mjs';

const engine = findExecutable(['docker', 'podman'], process.env);
if (!engine) {
  process.stderr.write('No container engine on PATH.\n');
  process.exit(1);
}
const child = spawn(engine, containerArguments(process.argv.slice(2)), {
  stdio: ['pipe', 'inherit', 'inherit'],
});
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT']))
  process.on(signal, () => child.kill(signal));
child.on('error', () => process.exit(1));
child.on('exit', (code) => process.exit(code ?? 1));
