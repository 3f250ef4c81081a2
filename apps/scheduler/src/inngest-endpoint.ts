import { types } from 'node:util';
import { type InngestState, inngestBytesMax } from '@caio/contracts';
import { HttpProblem } from '@caio/service-kit';
import type { Logger } from '@caio/trace-envelope';
import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import { Inngest, type InngestFunction } from 'inngest';
import { serve } from 'inngest/express';
import { devServerOf, type SchedulerVariables, serveOriginOf } from './config.ts';

/** The SDK speaks like a console, fields first or words first, and calls what strangers send it an error. */
const loggerFor = (logger: Logger) => {
  const write =
    (level: 'warn' | 'debug') =>
    (first: unknown, second?: unknown): void => {
      if (typeof first === 'string') logger[level]({}, `inngest: ${first}`);
      else logger[level]({ inngest: first }, typeof second === 'string' ? `inngest: ${second}` : 'inngest');
    };
  return { error: write('warn'), warn: write('warn'), info: write('debug'), debug: write('debug') };
};

/** Inngest's client. Without a dev server it is in cloud mode, where every call has to carry a signature. */
export const createInngest = (config: SchedulerVariables, logger: Logger): Inngest => {
  const dev = devServerOf(config);
  const baseUrl = dev ?? config.INNGEST_BASE_URL;
  return new Inngest({
    id: config.INNGEST_APP_ID,
    logger: loggerFor(logger),
    isDev: dev !== null,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(config.INNGEST_SIGNING_KEY === undefined ? {} : { signingKey: config.INNGEST_SIGNING_KEY }),
    ...(config.INNGEST_EVENT_KEY === undefined ? {} : { eventKey: config.INNGEST_EVENT_KEY }),
  });
};

/** What the JSON parser objects to is the caller's mistake, and its own error quotes the body. */
const refuseBody: ErrorRequestHandler = (error: unknown, _req, _res, next) => {
  const status: unknown = types.isNativeError(error) ? Reflect.get(error, 'status') : undefined;
  if (status === 413) return next(new HttpProblem('payload_too_large'));
  if (status === 400 || status === 415)
    return next(new HttpProblem('bad_request', { message: 'The body cannot be read as JSON.' }));
  next(error);
};

/** Host decides which address a function is registered under, and the SDK answers a bad one with a stack. */
const requireHost: RequestHandler = (req, _res, next) => {
  const host = req.headers.host ?? '';
  next(URL.canParse(`http://${host}/`) ? undefined : new HttpProblem('bad_request'));
};

/** The functions as they are served: what anybody may know of them, and the SDK's own handler. */
export interface InngestEndpoint {
  readonly state: InngestState;
  readonly handler: RequestHandler;
}

/**
 * The SDK verifies its caller by signature, so no service token is asked for. Null with neither a key nor a dev
 * server, because then nobody could be verified.
 */
export const createInngestEndpoint = (options: {
  inngest: Inngest;
  functions: readonly InngestFunction.Any[];
  config: SchedulerVariables;
}): InngestEndpoint | null => {
  const { config, functions } = options;
  const mode = devServerOf(config) === null ? 'cloud' : 'dev';
  if (config.INNGEST_SIGNING_KEY === undefined && mode === 'cloud') return null;
  const serveOrigin = serveOriginOf(config);
  const handler: unknown = serve({
    client: options.inngest,
    functions,
    // Else anybody could have the functions registered under an address of their choice.
    enableUnauthedSync: false,
    ...(serveOrigin === null ? {} : { serveOrigin }),
    servePath: '/inngest',
  });
  if (typeof handler !== 'function') throw new Error('Inngest offers no handler for Express');
  // Its types say `any`; its promise is handed on, so that a failure is an answer and not the end of the process.
  const answer: RequestHandler = async (req, res, next) => {
    await Reflect.apply(handler, undefined, [req, res, next]);
  };
  return {
    state: {
      mode,
      function_count: functions.length,
      has_event_key: config.INNGEST_EVENT_KEY !== undefined,
      has_signing_key: config.INNGEST_SIGNING_KEY !== undefined,
    },
    handler: Router().use(requireHost, express.json({ limit: inngestBytesMax }), refuseBody, answer),
  };
};
