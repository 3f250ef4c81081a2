import type { BrowserContext } from 'playwright-core';

/** What a page must never do, as it happened. */
export interface WindowWatch {
  /** Errors of the page, violations of its policy (the browser reports them as errors), and requests to anywhere but the gateway. */
  readonly troubles: () => readonly string[];
  /** Calls of the function that every planted text tries to call. */
  readonly executed: () => readonly string[];
  /** From now on answers with these statuses are part of what is tried. */
  readonly expect: (...statuses: readonly number[]) => void;
}

const failedAnswer = /^Failed to load resource: the server responded with a status of (\d+)/;
const noAnswer = /^Failed to load resource: net::|^TypeError: Failed to fetch/;

/** Watches every page of a window from before its first request. `0` among the expected means no answer at all. */
export const watchWindow = async (context: BrowserContext, origin: string): Promise<WindowWatch> => {
  const troubles: string[] = [];
  const executed: string[] = [];
  const expected = new Set<number>();
  const isExpected = (text: string): boolean => {
    const status = failedAnswer.exec(text)?.[1];
    return status === undefined ? noAnswer.test(text) && expected.has(0) : expected.has(Number(status));
  };
  context.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !isExpected(text))
      troubles.push(`console: ${text} (${message.location().url})`);
  });
  context.on('weberror', (error) => troubles.push(`error: ${error.error().message}`));
  context.on('dialog', (dialog) => {
    executed.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('request', (request) => {
    const url = new URL(request.url());
    const isOurs = url.origin === origin || url.protocol === 'data:' || url.protocol === 'blob:';
    if (!isOurs) troubles.push(`request to ${url.origin}`);
  });
  await context.exposeBinding(
    'canary',
    (_source, from: unknown) => void executed.push(`canary: ${String(from)}`),
  );
  return {
    troubles: () => troubles,
    executed: () => executed,
    expect: (...statuses) => statuses.forEach((status) => expected.add(status)),
  };
};
