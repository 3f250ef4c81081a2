// Risk: an erasure that left something behind, or that was only shown, looks to a person or a script like one that is done.
import { createServer, type Server } from 'node:http';
import type { ErasedSubject } from '@caio/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Command, CommanderError } from 'commander';
import { createApiClient } from '../../api/api-client.ts';
import { createOutreachApi } from '../../api/outreach-api.ts';
import { addSubjectCommands } from './subject-commands.ts';

let server: Server;
let asked: unknown[] = [];
let answer: unknown = null;
let out = '';
const writes = { out: process.stdout.write, err: process.stderr.write };

beforeAll(async () => {
  server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      asked.push(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  [asked, out] = [[], ''];
  process.stdout.write = (text: string | Uint8Array) => {
    out += String(text);
    return true;
  };
  process.stderr.write = () => true;
});
afterEach(() => {
  process.stdout.write = writes.out;
  process.stderr.write = writes.err;
  process.exitCode = undefined;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Exit code of `caio subject …` when the gateway answers so. */
const subject = async (args: readonly string[], told: unknown): Promise<number> => {
  answer = told;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const program = new Command('caio').exitOverride();
  const api = createOutreachApi(
    createApiClient({ baseUrl: `http://127.0.0.1:${port}`, token: 'a-token', correlationId: 'test' }),
  );
  addSubjectCommands(program, { connect: () => api });
  program.commands.forEach((group) => group.commands.forEach((command) => command.exitOverride()));
  try {
    await program.parseAsync(['subject', ...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
  return Number(process.exitCode ?? 0);
};

const person = 'ada.holm@acme.example';
const place = { place: '{caio:local}:signals:job-1', entries: 1 };
const erasure = (part: Partial<ErasedSubject>): ErasedSubject => ({
  ...{ applied: true, drafts: 1, actions: 2, places: [place], left: [] },
  ...part,
});

test('without --apply it asks for nothing to be changed, and says so', async () => {
  expect(await subject(['erase', person, '--reason', 'requested'], erasure({ applied: false }))).toBe(0);
  expect(asked).toEqual([{ person, reason: 'requested', apply: false }]);
  expect(out).toContain('Nothing is changed.');
  expect(out).toContain(place.place);
  expect(out).not.toContain('PASS');
});

test('an erasure ends with PASS when nothing is left, else names the places, with FAIL and exit code 1', async () => {
  const args = ['erase', person, '--reason', 'mistake', '--apply'];
  expect(await subject(args, erasure({}))).toBe(0);
  expect(asked).toEqual([{ person, reason: 'mistake', apply: true }]);
  expect(out.trimEnd().endsWith('PASS')).toBe(true);
  out = '';
  expect(await subject(args, erasure({ left: [place] }))).toBe(1);
  expect(out).toContain(place.place);
  expect(out.trimEnd().endsWith('FAIL')).toBe(true);
  expect(await subject([...args, '--json'], erasure({ left: [place] }))).toBe(1);
});

test('an erasure for no reason, or for one nobody knows, is not asked for', async () => {
  expect(await subject(['erase', person, '--apply'], erasure({}))).not.toBe(0);
  expect(await subject(['erase', person, '--reason', 'because', '--apply'], erasure({}))).not.toBe(0);
  expect(asked).toEqual([]);
});
