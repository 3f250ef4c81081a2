#!/usr/bin/env node
// Stands in for redis-server where only a container engine is at hand: takes the same `--name value` arguments,
// runs a redis:7 container that publishes the same port, and ends with it. Tests that stop, kill and restart
// their own server use it like the real program.
import { spawn } from 'node:child_process';
import { containerArguments } from './container-arguments.mjs';
import { findContainerEngine } from './container-engine.mjs';

const found = await findContainerEngine({ env: process.env, mayPull: null });
if (!found.ok) {
  process.stderr.write(`No container engine with the image: ${found.reason}\n`);
  process.exit(1);
}
const { engine } = found;
const child = spawn(engine.path, containerArguments(process.argv.slice(2), engine.name), {
  stdio: ['pipe', 'inherit', 'inherit'],
});
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT']))
  process.on(signal, () => child.kill(signal));
child.on('error', () => process.exit(1));
child.on('exit', (code) => process.exit(code ?? 1));
