import { statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { ApiError } from '../../api/api-client.ts';
import type { ToolConfig } from '../../config.ts';
import { type LeadFileRequest, readLeadFile } from '../../once/lead-file-job.ts';
import { type ExclusionRow, readExclusionFile } from './exclusion-file.ts';

/** Which files a start works from; what is not named is an example that ships. */
export interface StartInputOptions {
  readonly input?: string;
  readonly strict: boolean;
  readonly map: readonly string[];
  readonly exclusions?: string;
  readonly pack?: string;
  readonly policy?: string;
}

export interface StartInputs {
  readonly lead: LeadFileRequest;
  readonly exclusions: { readonly rows: readonly ExclusionRow[]; readonly source: string };
  readonly copyPackDir: string;
  readonly policyFile: string;
}

/** The absolute path of what an option named, from where the command was typed. */
export const pathGiven = (given: string): string => (isAbsolute(given) ? given : join(process.cwd(), given));

const pathIn = (root: string, given: string | undefined, fallback: string): string =>
  given === undefined ? join(root, fallback) : pathGiven(given);

const expectKind = (path: string, kind: 'file' | 'folder', what: string, fix: string): string => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined)
    throw new ApiError(0, { code: 'file_unreadable', message: `There is no ${what} at ${path}.`, fix });
  if (found.isDirectory() !== (kind === 'folder')) {
    const is = kind === 'folder' ? 'a file, not a folder' : 'a folder, not a file';
    throw new ApiError(0, { code: 'file_unreadable', message: `The ${what} ${path} is ${is}.`, fix });
  }
  return path;
};

/**
 * Finds and reads what a start was given before anything is started, so that a mistyped path costs no time.
 *
 * @throws ApiError that names the path, what is wrong with it, and the option
 */
export const readStartInputs = ({ root }: ToolConfig, options: StartInputOptions): StartInputs => {
  const lead = {
    file: pathIn(root, options.input, 'examples/leads.csv'),
    strict: options.strict,
    map: options.map,
  };
  readLeadFile(lead.file);
  const exclusionFile = expectKind(
    pathIn(root, options.exclusions, 'examples/exclusions.csv'),
    'file',
    'exclusion file',
    'Check the path after --exclusions.',
  );
  return {
    lead,
    exclusions: { rows: readExclusionFile(exclusionFile), source: basename(exclusionFile) },
    copyPackDir: expectKind(
      pathIn(root, options.pack, 'config/copy-pack/harbor-pine'),
      'folder',
      'copy pack',
      'Check the path after --pack; those that ship are in config/copy-pack.',
    ),
    policyFile: expectKind(
      pathIn(root, options.policy, 'config/policy/local.json'),
      'file',
      'sending policy',
      'Check the path after --policy; those that ship are in config/policy.',
    ),
  };
};
