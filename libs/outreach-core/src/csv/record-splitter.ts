/** The largest record held in memory, in characters. Wide CRM exports stay below a tenth of it. */
export const recordLengthMax = 262_144;

/** What hides the rest of a CSV text, where, and what to do about it. */
export interface CsvProblem {
  readonly code: 'unterminated_quote' | 'record_too_large';
  readonly message: string;
  readonly fix: string;
}

/** The text of one CSV record. `brokenQuoteAt` is the 0-based cell whose quoting is broken on its own line. */
export interface CsvRecord {
  readonly text: string;
  readonly physicalLine: number;
  readonly brokenQuoteAt: number | null;
}

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const tab = 0x09;

type State = 'cell_start' | 'unquoted' | 'quoted' | 'quote_in_quoted' | 'after_quoted';

/**
 * Finds where the records of a CSV text end (RFC 4180, any line ending), a piece at a time, so that one
 * broken record costs itself and not the file, and every record knows its physical line. The parser that
 * reads the cells afterwards counts a line break in quotes twice and stops at the first broken quote.
 *
 * A quote that closes wrongly on the line it opened breaks its record; one that was opened on an earlier
 * line, or never closes, hides where records are: then `problem` is set and no more records come.
 */
export class RecordSplitter {
  readonly #delimiter: number;
  readonly #blanks: ReadonlySet<number>;
  #state: State = 'cell_start';
  #carry = '';
  #line = 1;
  #recordLine = 1;
  #cell = 0;
  #quoteLine = 1;
  #brokenQuoteAt: number | null = null;
  #isAfterReturn = false;
  #problem: CsvProblem | null = null;

  constructor({ delimiter }: { delimiter: string }) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#blanks = new Set([space, tab].filter((blank) => blank !== this.#delimiter));
  }

  get problem(): CsvProblem | null {
    return this.#problem;
  }

  /** The records that end in this piece of text. */
  push(text: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    let start = 0;
    for (let at = 0; at < text.length && this.#problem === null; at += 1) {
      const char = text.charCodeAt(at);
      const completesReturn = char === lineFeed && this.#isAfterReturn;
      this.#isAfterReturn = char === carriageReturn;
      if (completesReturn) {
        if (this.#state !== 'quoted') start = at + 1;
        continue;
      }
      const isLineEnd = char === lineFeed || char === carriageReturn;
      if (isLineEnd) this.#line += 1;
      if (isLineEnd && this.#state !== 'quoted') {
        records.push(this.#take(this.#carry + text.slice(start, at)));
        start = at + 1;
      } else {
        this.#advance(char);
        if (this.#carry.length + at - start > recordLengthMax) this.#problem = this.#tooLarge();
      }
    }
    this.#carry = this.#problem === null ? this.#carry + text.slice(start) : '';
    return records;
  }

  /** The last record, when the text does not end with a line break. */
  end(): CsvRecord[] {
    if (this.#problem !== null) return [];
    if (this.#state === 'quoted') {
      this.#problem = this.#unterminated('is never closed');
      return [];
    }
    return this.#carry === '' ? [] : [this.#take(this.#carry)];
  }

  #take(text: string): CsvRecord {
    const record = { text, physicalLine: this.#recordLine, brokenQuoteAt: this.#brokenQuoteAt };
    this.#recordLine = this.#line;
    this.#cell = 0;
    this.#brokenQuoteAt = null;
    this.#carry = '';
    this.#state = 'cell_start';
    return record;
  }

  #advance(char: number): void {
    if (this.#state === 'quoted') {
      if (char === quote) this.#state = 'quote_in_quoted';
    } else if (char === this.#delimiter) {
      this.#cell += 1;
      this.#state = 'cell_start';
    } else if (this.#state === 'cell_start') {
      if (char === quote) this.#quoteLine = this.#line;
      if (!this.#blanks.has(char)) this.#state = char === quote ? 'quoted' : 'unquoted';
    } else if (this.#state === 'quote_in_quoted' && char === quote) {
      this.#state = 'quoted';
    } else if (this.#state !== 'unquoted') {
      if (this.#blanks.has(char)) this.#state = 'after_quoted';
      else this.#breakQuote();
    }
  }

  #breakQuote(): void {
    this.#brokenQuoteAt = this.#cell;
    this.#state = 'unquoted';
    if (this.#quoteLine !== this.#line)
      this.#problem = this.#unterminated(`meets other text behind a quote on line ${this.#line}`);
  }

  #unterminated(how: string): CsvProblem {
    return {
      code: 'unterminated_quote',
      message: `The quote that opens on line ${this.#quoteLine}, in column ${this.#cell + 1}, ${how}.`,
      fix: `Close or remove the quote on line ${this.#quoteLine}; a quote inside a quoted value is written twice.`,
    };
  }

  #tooLarge(): CsvProblem {
    if (this.#state === 'quoted')
      return this.#unterminated(`is not closed within ${recordLengthMax} characters`);
    return {
      code: 'record_too_large',
      message: `The row that starts on line ${this.#recordLine} is over ${recordLengthMax} characters.`,
      fix: 'Check that the file has line breaks between its rows, and shorten or drop that row.',
    };
  }
}
