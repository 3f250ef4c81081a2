/** One customer as a CRM names them: any of the two may be missing. */
export interface Customer {
  readonly id: string;
  readonly email: string | null;
  readonly website: string | null;
}

export type CustomerListing =
  | { readonly ok: true; readonly customers: readonly Customer[] }
  | { readonly ok: false; readonly code: CustomerListingFailure };

/** Why a CRM gave no list. A list that broke off is none: a part of the customers is not the customers. */
export type CustomerListingFailure =
  | 'crm_unreachable'
  | 'crm_unauthorised'
  | 'crm_rate_limited'
  | 'crm_failed'
  | 'crm_answer_unreadable'
  | 'crm_list_incomplete';

/** A CRM that says who the customers are: all of them, or why not. */
export interface CustomerSource {
  readonly name: string;
  list(): Promise<CustomerListing>;
  close(): Promise<void>;
}
