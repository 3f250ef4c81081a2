import { readToolConfig } from '../config.ts';
import { runProgram } from './program.ts';

void runProgram(readToolConfig(), process.argv.slice(2)).then((code) => {
  // Whatever still holds the event loop (a keep-alive socket) has nothing left to do.
  process.exit(code);
});
