import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { PipelineRun, RowOutcome } from '@caio/contracts';
import { ApiError } from '../api/api-client.ts';
import type { OutreachApi } from '../api/outreach-api.ts';

export interface LeadFileRequest {
  readonly file: string;
  readonly strict: boolean;
  readonly map: readonly string[];
}

const pollMs = 150;

const reasons: Readonly<Record<string, { reason: string; fix: string }>> = {
  ENOENT: { reason: 'there is no such file', fix: 'Check the path after --input.' },
  ENOTDIR: { reason: 'there is no such file', fix: 'Check the path after --input.' },
  EISDIR: { reason: 'it is a folder', fix: 'Name one CSV or JSON file in it after --input.' },
  EACCES: { reason: 'this user may not read it', fix: 'Change its permissions, or copy it.' },
};

/** The bytes of a lead file. Throws an ApiError that names the path and why it was not taken. */
export const readLeadFile = (file: string): Buffer => {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const { reason, fix } = reasons[code] ?? {
      reason: `it cannot be read (${code})`,
      fix: 'Check the path after --input.',
    };
    throw new ApiError(0, {
      code: 'file_unreadable',
      message: `The lead file ${file} was not taken: ${reason}.`,
      fix,
    });
  }
};

/** Uploads a lead file, follows its run to the end, and returns what became of every row. */
export const runLeadFile = async (
  api: OutreachApi,
  { file, strict, map }: LeadFileRequest,
  onProgress: (run: PipelineRun) => void,
): Promise<{ run: PipelineRun; rows: RowOutcome[] }> =>
  runLeads(api, { name: basename(file), content: readLeadFile(file), strict, map }, onProgress);

/** The same for bytes that are in no file. */
export const runLeads = async (
  api: OutreachApi,
  file: Parameters<OutreachApi['startRun']>[0],
  onProgress: (run: PipelineRun) => void,
): Promise<{ run: PipelineRun; rows: RowOutcome[] }> => {
  let { run } = await api.startRun(file);
  while (run.status === 'queued' || run.status === 'running') {
    onProgress(run);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    ({ run } = await api.run(run.runId));
  }
  onProgress(run);
  return { run, rows: await api.rows(run.runId) };
};
