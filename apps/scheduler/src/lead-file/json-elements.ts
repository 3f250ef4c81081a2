import { JSONParser, TokenType } from '@streamparser/json';
import { recordLengthMax } from '@caio/outreach-core';
import { LeadFileFault } from './lead-file-problem.ts';
import type { LeadFileProblem } from './lead-file-problem.ts';
import type { TextSource } from './text-source.ts';

/** One element of a JSON list. `ok: false` is a line of NDJSON that is no JSON. */
export type JsonElement = { physicalLine: number } & (
  { ok: true; value: unknown } | { ok: false; text: string }
);

/** The property under which exports put their list. */
const listKeys = [
  'leads',
  'contacts',
  'people',
  'prospects',
  'records',
  'rows',
  'results',
  'items',
  'data',
] as const;

const noList: LeadFileProblem = {
  code: 'json_no_list',
  message: 'The file is one JSON object without a list of leads.',
  fix: 'Upload an array of objects, one object per line, or an object with a list called "leads".',
};

const invalidAt = (line: number, what: string): LeadFileProblem => ({
  code: 'json_invalid',
  message: `The JSON is broken on line ${line}: ${what}.`,
  fix: 'Export the file again, or repair that line.',
});

const tooLarge = (line: number): LeadFileProblem => ({
  code: 'record_too_large',
  message: `The element that starts on line ${line} is over ${recordLengthMax} characters.`,
  fix: 'Export fewer fields, or check that the file is a list of leads.',
});

/** Text with its line breaks, cut behind each, so that the line of what it completes is known. */
function* linesOf(text: string): Generator<string> {
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    yield text.slice(start, end + 1);
    start = end + 1;
  }
  if (start < text.length) yield text.slice(start);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parseLine = (text: string): { ok: true; value: unknown } | { ok: false } => {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
};

const hasList = (value: unknown): boolean =>
  isObject(value) && listKeys.some((key) => Array.isArray(value[key]));

/** One object per line, told from a single object by its first lines; the file name settles a tie. */
const isLineDelimited = (source: TextSource, fileName: string): boolean => {
  const lines = source.head.split(/\r?\n/);
  if (!source.isWhole) lines.pop();
  const [first = '', second = ''] = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (/\.(?:ndjson|jsonl)$/i.test(fileName)) return true;
  if (!first.startsWith('{')) return false;
  const parsed = parseLine(first);
  return parsed.ok
    ? isObject(parsed.value) && !hasList(parsed.value)
    : first.endsWith('}') && second.startsWith('{');
};

async function* lineElements(source: TextSource): AsyncGenerator<JsonElement> {
  let line = 0;
  let carry = '';
  const elementOf = (text: string): JsonElement[] => {
    line += 1;
    if (text.trim() === '') return [];
    const parsed = parseLine(text);
    return [parsed.ok ? { physicalLine: line, ...parsed } : { physicalLine: line, ok: false, text }];
  };
  const take = function* (text: string): Generator<JsonElement> {
    for (const piece of linesOf(text)) {
      carry += piece;
      if (carry.length > recordLengthMax) throw new LeadFileFault(tooLarge(line + 1));
      if (!piece.endsWith('\n')) continue;
      const complete = carry;
      carry = '';
      yield* elementOf(complete);
    }
  };
  yield* take(source.head);
  for await (const text of source.rest) yield* take(text);
  yield* elementOf(carry);
}

const nestingMax = 64;

/** Reads one JSON document piece by piece; `problem` ends it, what was found before stays. */
class ListReader {
  readonly #parser: JSONParser;
  readonly #depthOfElements: 1 | 2;
  #found: JsonElement[] = [];
  #problem: LeadFileProblem | null = null;
  #line = 1;
  #elementLine = 1;
  #depth = 0;
  #sinceElement = 0;
  #lastKey: unknown = null;
  #isListSeen: boolean;
  #isClosed = false;

  constructor({ depthOfElements }: { depthOfElements: 1 | 2 }) {
    const paths = depthOfElements === 1 ? ['$.*'] : listKeys.map((key) => `$.${key}.*`);
    this.#depthOfElements = depthOfElements;
    this.#isListSeen = depthOfElements === 1;
    this.#parser = new JSONParser({ paths, keepStack: false });
    this.#parser.onToken = ({ token, value }) => this.#follow(token, value);
    this.#parser.onValue = ({ value }) => {
      this.#found.push({ ok: true, value, physicalLine: this.#elementLine });
      this.#sinceElement = 0;
    };
    this.#parser.onError = () => {
      const what = this.#isClosed ? 'text follows the end of the list' : 'this is not valid JSON';
      this.#problem ??= invalidAt(this.#line, what);
    };
  }

  get problem(): LeadFileProblem | null {
    return this.#problem;
  }

  /** The elements completed by this piece, which holds at most one line break, at its end. */
  push(piece: string): JsonElement[] {
    this.#sinceElement += piece.length;
    this.#parser.write(piece);
    if (this.#sinceElement > recordLengthMax) this.#problem ??= tooLarge(this.#elementLine);
    if (piece.endsWith('\n')) this.#line += 1;
    return this.#taken();
  }

  end(): JsonElement[] {
    if (this.#problem === null && !this.#parser.isEnded) this.#parser.end();
    if (!this.#isClosed) this.#problem ??= invalidAt(this.#line, 'the file ends in the middle of the list');
    if (!this.#isListSeen) this.#problem ??= noList;
    return this.#taken();
  }

  #taken(): JsonElement[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  #follow(token: TokenType, value: unknown): void {
    const opens = token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET;
    const closes = token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET;
    const isElement = this.#depth === this.#depthOfElements && !closes && token !== TokenType.COMMA;
    if (isElement) this.#elementLine = this.#line;
    if (this.#depth === 1 && token === TokenType.STRING) this.#lastKey = value;
    if (this.#depth === 1 && token === TokenType.LEFT_BRACKET)
      this.#isListSeen ||= listKeys.some((key) => key === this.#lastKey);
    this.#depth += opens ? 1 : closes ? -1 : 0;
    this.#isClosed = this.#depth === 0;
    if (this.#depth > nestingMax) this.#problem ??= invalidAt(this.#line, 'it is nested too deeply');
  }
}

async function* listElements(source: TextSource, depthOfElements: 1 | 2): AsyncGenerator<JsonElement> {
  const reader = new ListReader({ depthOfElements });
  const take = function* (text: string): Generator<JsonElement> {
    for (const piece of linesOf(text)) {
      yield* reader.push(piece);
      if (reader.problem !== null) throw new LeadFileFault(reader.problem);
    }
  };
  yield* take(source.head);
  for await (const text of source.rest) yield* take(text);
  yield* reader.end();
  if (reader.problem !== null) throw new LeadFileFault(reader.problem);
}

/**
 * The elements of a JSON file, one at a time: `[{…}]`, one object per line, or `{"leads":[{…}]}`.
 * Broken JSON in a list ends it with a LeadFileFault; a broken line of NDJSON is one bad element.
 */
export const jsonElementsOf = (source: TextSource, fileName: string): AsyncGenerator<JsonElement> => {
  if (isLineDelimited(source, fileName)) return lineElements(source);
  return listElements(source, source.head.trimStart().startsWith('[') ? 1 : 2);
};
