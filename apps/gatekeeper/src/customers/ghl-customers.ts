import { z } from 'zod';
import { createHttpExchange, type Exchange } from '../providers/http-exchange.ts';
import type { Customer, CustomerListing, CustomerListingFailure, CustomerSource } from './customer-source.ts';

const pageSize = 100;
/** More than that is not a list of customers; it also ends a listing whose pages go round in a circle. */
const pagesMax = 1_000;
const answerBytesMax = 4 * 1024 * 1024;
/** The version of the API that the shapes below are of; the vendor asks for it with every call. */
const apiVersion = '2021-07-28';

const contactsSchema = z.object({
  contacts: z.array(
    z.object({
      id: z.string().min(1),
      email: z.string().nullish(),
      website: z.string().nullish(),
      tags: z.array(z.string()).default([]),
    }),
  ),
  meta: z.object({
    total: z.number().int().nonnegative(),
    startAfter: z.union([z.number(), z.string()]).nullish(),
    startAfterId: z.string().nullish(),
  }),
});

const failureOf = (exchange: Exchange): CustomerListingFailure | null => {
  if (exchange.state !== 'answered') return 'crm_unreachable';
  if (exchange.status === 401 || exchange.status === 403) return 'crm_unauthorised';
  if (exchange.status === 429) return 'crm_rate_limited';
  return exchange.status === 200 ? null : 'crm_failed';
};

/** Everybody in a location of GoHighLevel who carries the tag, by the pages of `GET /contacts/`. */
export const createGhlCustomers = (options: {
  /** Origin, and a path before `/contacts/` if there is one. */
  readonly url: string;
  readonly apiKey: string;
  readonly locationId: string;
  readonly tag: string;
  readonly timeoutMs: number;
  readonly monotonicMs: () => number;
}): CustomerSource => {
  const { origin, pathname } = new URL(options.url);
  const exchange = createHttpExchange({
    ...{ origin, answerBytesMax, connections: 1 },
    ...{ timeoutMs: options.timeoutMs, monotonicMs: options.monotonicMs },
  });
  const tag = options.tag.toLowerCase();

  const readPage = async (after: { at: string; id: string } | null) => {
    const query = new URLSearchParams({ locationId: options.locationId, limit: String(pageSize) });
    if (after !== null) {
      query.set('startAfter', after.at);
      query.set('startAfterId', after.id);
    }
    const answer = await exchange.send({
      method: 'GET',
      path: `${pathname.replace(/\/$/, '')}/contacts/?${query.toString()}`,
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        version: apiVersion,
        accept: 'application/json',
      },
    });
    const failure = failureOf(answer);
    if (failure !== null || answer.state !== 'answered') return { ok: false, code: failure } as const;
    let value: unknown;
    try {
      value = JSON.parse(answer.text);
    } catch {
      return { ok: false, code: 'crm_answer_unreadable' } as const;
    }
    const page = contactsSchema.safeParse(value);
    return page.success
      ? ({ ok: true, page: page.data } as const)
      : ({ ok: false, code: 'crm_answer_unreadable' } as const);
  };

  const list = async (): Promise<CustomerListing> => {
    const customers: Customer[] = [];
    const seen = new Set<string>();
    let total = 0;
    let after: { at: string; id: string } | null = null;
    for (let pages = 0; pages < pagesMax; pages += 1) {
      const read = await readPage(after);
      if (!read.ok) return { ok: false, code: read.code ?? 'crm_unreachable' };
      const { contacts, meta } = read.page;
      // The most that any page names: one that is empty by mistake names none.
      total = Math.max(total, meta.total);
      for (const { id, email, website, tags } of contacts) {
        if (seen.has(id)) continue;
        seen.add(id);
        if (tags.some((one) => one.toLowerCase() === tag))
          customers.push({ id, email: email ?? null, website: website ?? null });
      }
      const { startAfter, startAfterId } = meta;
      if (contacts.length < pageSize || startAfter == null || startAfterId == null)
        // The count beside the pages is how a list that lost its middle is noticed.
        return seen.size >= total ? { ok: true, customers } : { ok: false, code: 'crm_list_incomplete' };
      after = { at: String(startAfter), id: startAfterId };
    }
    return { ok: false, code: 'crm_list_incomplete' };
  };

  return { name: 'ghl', list, close: () => exchange.close() };
};
