import { readFileSync, statSync } from 'node:fs';
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

const readFile = (file: string): Buffer => {
  try {
    if (statSync(file).isDirectory()) throw new Error('it is a folder');
    return readFileSync(file);
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error && error.code === 'ENOENT'
        ? 'there is no such file'
        : 'it cannot be read';
    throw new ApiError(0, {
      code: 'file_unreadable',
      message: `The lead file ${file} was not taken: ${reason}.`,
      fix: 'Check the path after --input.',
    });
  }
};

/** Uploads a lead file, follows its run to the end, and returns what became of every row. */
export const runLeadFile = async (
  api: OutreachApi,
  request: LeadFileRequest,
  onProgress: (run: PipelineRun) => void,
): Promise<{ run: PipelineRun; rows: RowOutcome[] }> => {
  const content = readFile(request.file);
  let { run } = await api.startRun({
    name: basename(request.file),
    content,
    strict: request.strict,
    map: request.map,
  });
  while (run.status === 'queued' || run.status === 'running') {
    onProgress(run);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    ({ run } = await api.run(run.runId));
  }
  onProgress(run);
  return { run, rows: await api.rows(run.runId) };
};
