import { Option } from 'commander';
import { wholeNumber } from './whole-number.ts';

/** How long a command that waits for something bears a system that cannot answer. */
export const waitOption = (): Option =>
  new Option('--wait <seconds>', 'how long to go on asking while the system cannot answer')
    .argParser(wholeNumber(0, 86_400))
    .default(120);
