/** Instantly's calls; alone of all vendors' they carry no vendor's name. */
const instantlyEndpoints = [
  'POST /campaigns',
  'GET /campaigns',
  'GET /campaigns/:id',
  'DELETE /campaigns/:id',
  'POST /campaigns/:id/pause',
  'POST /campaigns/:id/activate',
  'POST /leads',
  'DELETE /leads',
  'POST /leads/list',
  'GET /leads/:id',
  'DELETE /leads/:id',
] as const;
export type InstantlyEndpoint = (typeof instantlyEndpoints)[number];

/** HeyReach's calls that are known here; two of them are there to be seen never being made. */
export const heyreachEndpoints = [
  'heyreach GET /auth/CheckApiKey',
  'heyreach POST /list/CreateEmptyList',
  'heyreach POST /list/GetAll',
  'heyreach GET /list/GetById',
  'heyreach POST /list/AddLeadsToListV2',
  'heyreach POST /list/GetLeadsFromList',
  'heyreach DELETE /list/DeleteLeadsFromListByProfileUrl',
  'heyreach POST /campaign/GetAll',
  'heyreach GET /campaign/GetById',
  'heyreach POST /campaign/Pause',
  'heyreach POST /campaign/Resume',
  'heyreach POST /campaign/AddLeadsToCampaignV2',
  'heyreach POST /campaign/GetLeadsFromCampaign',
  'heyreach POST /campaign/StopLeadInCampaign',
] as const;
export type HeyreachEndpoint = (typeof heyreachEndpoints)[number];

const ghlEndpoints = [
  'ghl GET /contacts',
  'ghl POST /conversations/messages',
  'ghl GET /conversations/search',
  'ghl GET /conversations/:id/messages',
  'ghl GET /conversations/messages/email/:id',
] as const;
export type GhlEndpoint = (typeof ghlEndpoints)[number];

/** The moments at which an SMTP server speaks: `CONNECT` is its banner, `BODY` its answer to the final dot. */
const smtpEndpoints = [
  'smtp CONNECT',
  'smtp EHLO',
  'smtp AUTH',
  'smtp MAIL',
  'smtp RCPT',
  'smtp DATA',
  'smtp BODY',
] as const;
export type SmtpEndpoint = (typeof smtpEndpoints)[number];

/** One word per vendor call; faults, hit counts and statistics are kept per endpoint. */
export const endpoints = [
  ...instantlyEndpoints,
  ...heyreachEndpoints,
  ...ghlEndpoints,
  ...smtpEndpoints,
] as const;
export type Endpoint = (typeof endpoints)[number];
