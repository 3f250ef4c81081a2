import { sessionAnswerSchema, type SessionAnswer } from '@caio/contracts';
import { type HttpAnswer, type HttpCall, waitFor } from '@caio/test-kit';

/** Keeps one cookie and sends what a browser sends from a page of the gateway itself. */
export const startBrowser = (
  rig: { readonly port: number; readonly call: (call: HttpCall) => Promise<HttpAnswer> },
  { cookie: initialCookie = '', headers = {} }: { cookie?: string; headers?: Record<string, string> } = {},
) => {
  let cookie = initialCookie;
  const call = async (request: HttpCall): Promise<HttpAnswer> => {
    const answer = await rig.call({
      ...request,
      headers: {
        origin: `http://127.0.0.1:${rig.port}`,
        'sec-fetch-site': 'same-origin',
        ...headers,
        ...(cookie === '' ? {} : { cookie }),
        ...request.headers,
      },
    });
    for (const set of answer.headers['set-cookie'] ?? []) {
      const [pair = ''] = set.split(';', 1);
      cookie = /Max-Age=0(?:;|$)/.test(set) ? '' : pair;
    }
    return answer;
  };
  const post = (token: string): Promise<HttpAnswer> =>
    call({
      method: 'POST',
      path: '/login',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ token }).toString(),
    });
  return {
    call,
    cookie: () => cookie,
    logIn: async (token: string): Promise<void> => {
      const answer = await post(token);
      if (answer.status !== 303) throw new Error(`the login answered ${answer.status}`);
    },
    /** For a store that is just coming back. */
    logInWhenPossible: (token: string): Promise<unknown> =>
      waitFor(async () => (await post(token)).status === 303, {
        timeoutMs: 10_000,
        describe: 'the login to work',
      }),
    session: async (): Promise<SessionAnswer> =>
      sessionAnswerSchema.parse(JSON.parse((await call({ path: '/api/session' })).text)),
  };
};
