import type { IncomingHttpHeaders } from 'node:http';
import type { Endpoint } from './endpoints.ts';
import type { LeadChange, RequestMarks } from './workspace.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface VendorCall<E extends Endpoint = Endpoint> {
  readonly endpoint: E;
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly marks: RequestMarks;
  readonly change: LeadChange | null;
  /** The vendor takes less than it is handed and says it went well. */
  readonly partialAdd: boolean;
}

/** One vendor's HTTP API in the simulator: its paths, its credential, its shapes. Faults are the door's business. */
export interface VendorPart<E extends Endpoint = Endpoint> {
  /** What every path of it begins with; what follows is handed to `endpointOf`. */
  readonly prefix: string;
  /** What answers carry; null where the vendor says nothing. */
  readonly contentType: string | null;
  /** Null when the call may be made. */
  refusalOf(headers: IncomingHttpHeaders): Answer | null;
  endpointOf(method: string, path: string): { readonly endpoint: E; readonly id: string } | null;
  error(status: number, message: string): Answer;
  /** Whom a call is about, so that a fault can be meant for one person. */
  personOf(call: { readonly endpoint: E; readonly body: unknown }): string | null;
  answer(call: VendorCall<E>): Answer;
  /** The call that shows what another on the same thing would have changed. */
  readingOf(endpoint: E): E;
  readonly emptyPage: unknown;
  /** The thing a call names leaves the vendor now. */
  mailNow(id: string): void;
}
