import { ConfigError } from '../config.ts';

/** One thing wrong with a company's data: which file, where in it (`templates[2].claims`), why, what to do. */
export interface CompanyDataProblem {
  readonly code: string;
  readonly file: string;
  readonly path: string;
  readonly reason: string;
  readonly fix: string;
}

const lineOf = ({ code, file, path, reason, fix }: CompanyDataProblem): string =>
  `${file}${path === '' ? '' : `, ${path}`}: ${reason} (${code}). ${fix}`;

/** Company data that must not be used. Every problem at once; a service refuses to start with it. */
export class CompanyDataError extends ConfigError {
  readonly found: readonly CompanyDataProblem[];
  constructor(found: readonly CompanyDataProblem[]) {
    super('The service', found.map(lineOf));
    this.name = 'CompanyDataError';
    this.found = found;
  }
}
