import { fold, wordsOf } from '../copy-pack/folded-text.ts';

/**
 * A body taken apart. `greetingName` is who is greeted (null: nobody by name), `opening` the first paragraph
 * after the greeting, `prose` everything between greeting and sign-off, `signature` the name signed with.
 */
export interface DraftAnatomy {
  readonly greetingName: string | null;
  readonly opening: string;
  readonly prose: string;
  readonly signature: string | null;
}

const salutation =
  /^(?:hi|hey|hello|hiya|dear|greetings|morning|afternoon|good (?:morning|afternoon|evening|day))(?=[\s,!:]|$)/i;
const salutationLineMax = 40;
const signOff =
  /^(?:all the best|all best|best wishes|best regards|best|kind regards|warm regards|kindest regards|regards|warmly|many thanks|with thanks|thanks(?: again)?|thank you|cheers|sincerely|yours(?: truly| sincerely)?|talk soon|respectfully|cordially)\s*[,.!]?$/i;
const signOffInline =
  /^(?:all the best|best wishes|best regards|best|kind regards|warm regards|regards|warmly|thanks|thank you|cheers|sincerely)\s*[,–—-]\s*(?<name>\p{Lu}.{0,60})$/iu;
const dashSignature = /^[-–—]{1,2}\s?(?<name>\p{Lu}[^.?!]{0,60})$/u;
const nameAlone = /^(?<name>\p{Lu}[\p{L}'’.-]*(?: \p{Lu}[\p{L}'’.-]*){0,2})\s*[,:–—-]$/u;

interface Greeting {
  readonly name: string | null;
  /** What stands on the greeting's line after it. */
  readonly rest: string;
}

const anybody: ReadonlySet<string> = new Set(['', 'there', 'team', 'all', 'everyone', 'folks', 'again']);

const namedOrNull = (name: string): string | null => (anybody.has(fold(name)) ? null : name.trim());

const greetingOf = (line: string): Greeting | null => {
  const opening = salutation.exec(line);
  if (opening === null) {
    const name = line.length <= salutationLineMax ? nameAlone.exec(line)?.groups?.['name'] : undefined;
    return name === undefined ? null : { name, rest: '' };
  }
  const after = line.slice(opening[0].length);
  const cut = /[,!:;.–—]|\s-\s/u.exec(
    after.replace(/\b(?:mr|mrs|ms|dr|prof)\./gi, (title) => title.replace('.', ' ')),
  );
  if (cut !== null && cut.index <= salutationLineMax) {
    return {
      name: namedOrNull(after.slice(0, cut.index)),
      rest: after.slice(cut.index + cut[0].length).trim(),
    };
  }
  if (line.length < salutationLineMax) return { name: namedOrNull(after), rest: '' };
  const capitals = /^\s+(\p{Lu}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*)*)/u.exec(after)?.[1] ?? '';
  return { name: namedOrNull(capitals), rest: after.trim().slice(capitals.length).trim() };
};

interface Signature {
  readonly name: string | null;
  /** Index of the first line that belongs to the sign-off. */
  readonly at: number;
}

const signatureOf = (lines: readonly string[]): Signature | null => {
  const at = lines.findLastIndex((line) => signOff.test(line));
  if (at > 0) {
    return { at, name: lines.slice(at + 1).find((line) => line !== '') ?? null };
  }
  const last = lines.findLastIndex((line) => line !== '');
  const inline = lines.findLastIndex((line) => signOffInline.test(line));
  if (inline > 0)
    return { at: inline, name: signOffInline.exec(lines[inline] ?? '')?.groups?.['name'] ?? null };
  const dashed = dashSignature.exec(lines[last] ?? '')?.groups?.['name'];
  return last > 0 && dashed !== undefined ? { at: last, name: dashed } : null;
};

/** Takes a plain-text body apart. Nothing is assumed: a body without greeting or sign-off has none. */
export const anatomyOf = (body: string): DraftAnatomy => {
  const lines = body.split('\n').map((line) => line.trim());
  const first = lines.findIndex((line) => line !== '');
  const greeting = first < 0 ? null : greetingOf(lines[first] ?? '');
  const signature = signatureOf(lines);
  const start = greeting === null ? Math.max(first, 0) : first + 1;
  const inside = lines.slice(start, signature === null ? lines.length : Math.max(signature.at, start));
  const prose = [...(greeting === null || greeting.rest === '' ? [] : [greeting.rest]), ...inside]
    .join('\n')
    .trim();
  return {
    greetingName: greeting?.name ?? null,
    opening: prose.split(/\n\s*\n/)[0] ?? '',
    prose,
    signature: signature?.name ?? null,
  };
};

/** Sentences that say something; a line break ends one, a run of full stops is one end. */
export const sentencesOf = (prose: string): readonly string[] =>
  prose
    .split(/[.!?…]+(?=\s|$|["')])|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => wordsOf(sentence).length > 0);
