import { z } from 'zod';
import type { ErrorCode } from '../errors.ts';
import type { Permission, ServiceName } from '../vocabulary.ts';

/**
 * Who gets in: a token with this permission, any valid credential, anybody, whoever holds the link, whoever signs with
 * the key of this installation, or another service.
 */
export type RouteDoor =
  | { readonly kind: 'permission'; readonly permission: Permission }
  | { readonly kind: 'credential' }
  | { readonly kind: 'open' }
  | { readonly kind: 'link' }
  | { readonly kind: 'signature' }
  | { readonly kind: 'service' };

/** `types` are the content types taken; empty takes any. `schema` is null when the body is a file. */
export interface RouteBody {
  readonly types: readonly string[];
  readonly limitBytes: number;
  readonly schema: z.ZodType | null;
  readonly note?: string;
}

export interface RouteAnswer {
  readonly status: number;
  /** Null for a page for people. */
  readonly schema: z.ZodType | null;
  readonly note?: string;
}

/**
 * One address of the system. `service` is who answers; a permission door is reached through the gateway at the
 * same path. `refusals` are those of this route alone: what every route can answer follows from the other fields.
 */
export interface RouteDescription {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly service: ServiceName;
  readonly door: RouteDoor;
  readonly summary: string;
  readonly params: z.ZodType | null;
  readonly query: z.ZodType | null;
  readonly body: RouteBody | null;
  readonly answers: readonly RouteAnswer[];
  readonly refusals: readonly ErrorCode[];
}

/** What most routes have none of. */
export const nothing = { params: null, query: null, body: null, refusals: [] } as const;

export const needs = (permission: Permission): RouteDoor => ({ kind: 'permission', permission });

const jsonBytesMax = 1_048_576;

export const jsonOf = (schema: z.ZodType, limitBytes = jsonBytesMax): RouteBody => ({
  types: ['application/json'],
  limitBytes,
  schema,
});

export const answersWith = (schema: z.ZodType, status = 200): readonly RouteAnswer[] => [{ status, schema }];

export const linkParamsSchema = z.object({ token: z.string() });

export const processHealthSchema = z.object({
  status: z.literal('live'),
  service: z.string().optional(),
});
export const serviceReadinessSchema = z.object({
  service: z.string(),
  status: z.enum(['ready', 'not_ready']),
  checks: z.array(
    z.object({ name: z.string(), ready: z.boolean(), required: z.boolean(), message: z.string() }),
  ),
});
export const systemHealthSchema = z.object({
  status: z.enum(['ready', 'not_ready']),
  parts: z.array(z.object({ part: z.string(), ready: z.boolean(), message: z.string() })),
});
