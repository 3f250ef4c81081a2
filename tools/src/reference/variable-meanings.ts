/**
 * What each environment variable is, in one sentence for whoever sets it. A variable of a service without an entry
 * stops the documentation from being made, and so does an entry without a variable.
 */
export const variableMeanings: Readonly<Record<string, string>> = {
  ENVIRONMENT:
    'The name of this installation. `local` and names starting with `test` are rehearsals; every other name is real and refuses made-up senders and local-only policies. Records of different names never meet.',
  PORT: 'The port to listen on.',
  HOST: 'The address to listen on. Left out, `local` listens on this machine only and every other environment on all addresses.',
  REDIS_URL: 'Where the records and queues are. It must keep everything: `maxmemory-policy noeviction`.',
  LOG_LEVEL: 'How much is written to the log.',
  TRACE_ENVELOPE_FILE: 'The file that traces are appended to, one redacted record a call.',
  TRACE_ENVELOPE_ENABLED: 'Whether traces are written.',
  TRACE_RETENTION_DAYS: 'How many days traces are kept.',
  TRACE_CLEANUP_ENABLED: 'Whether older traces are removed.',
  SERVICE_PRIVATE_KEY:
    'The key with which this service proves who it is to the others. Each service has its own.',
  SERVICE_PUBLIC_KEYS: 'The public keys of all services.',
  METRICS_TOKEN:
    'What a scraper presents at `/metrics` as `Authorization: Bearer …`. Left out, only callers on the same machine get an answer.',
  DRAIN_MS: 'How long a stopping service lets running requests finish, in milliseconds.',
  FAULT_PLAN: 'Rehearses crashes. Refused outside `local` and `test…`.',
  CUSTOMER_SOURCE:
    'The CRM that says who the customers are: `ghl`, or `none`. Where one is set, or the policy requires one, nothing is sent while its list is too old.',
  CUSTOMER_SOURCE_URL: 'Where the CRM answers.',
  CUSTOMER_SOURCE_KEY: 'The key of the CRM. It needs to read contacts and nothing else.',
  CUSTOMER_SOURCE_LOCATION: 'The location of the CRM that holds the customers.',
  CUSTOMER_SOURCE_TAG: 'The tag by which a contact of the CRM is a customer.',
  GATEKEEPER_URL: 'Where the gatekeeper answers, on the internal network.',
  SCHEDULER_URL: 'Where the scheduler answers, on the internal network.',
  WEBHOOKS_URL: 'Where the webhooks service answers, on the internal network.',
  DASHBOARD_AUTH_TOKEN:
    'A token that may do everything, at least 16 characters. Decisions made with it are recorded under the name `dashboard`, so give people tokens of their own in ACCESS_TOKENS.',
  DASHBOARD_AUTH_TOKEN_PREVIOUS: 'The former DASHBOARD_AUTH_TOKEN, accepted until this variable is removed.',
  ACCESS_TOKENS:
    'Who may do what: a JSON list of `{"name", "sha256", "permissions"}`, sha256 being the hex digest of the token. The name is what approvals and the audit show: lower-case words joined by `.`, `_` or `-`, none of them a part of this system.',
  DASHBOARD_AUTH_STRICT:
    'Whether nobody gets in while no token is configured. Off, whoever uses this machine gets in without one; that is refused outside `local` and `test…`.',
  DASHBOARD_QUERY_TOKEN_ENABLED:
    'Whether a GET may carry its token as `?token=`. Addresses end up in histories and logs of others, so switch it off unless something needs it.',
  CORS_ALLOWED_ORIGINS:
    'Pages of which other origins may use the API from a browser, separated by commas. Left out, none; `*` is refused.',
  TRUST_PROXY_HOPS:
    'How many proxies of yours stand before the gateway: 1 on Railway. Failed logins are counted by the address that the outermost of them saw, and with 0 by the address that connects.',
  CONTEXT_STATE_TTL_SECONDS:
    'How long a login lasts without being used, in seconds. After seven days it ends in any case.',
  RATE_LIMIT_READ_PER_MINUTE: 'How many requests that read a person or program may make in a minute.',
  RATE_LIMIT_WRITE_PER_MINUTE: 'How many changes a person or program may make in a minute.',
  RATE_LIMIT_UPLOAD_PER_MINUTE: 'How many lead files and lists a person or program may send in a minute.',
  RATE_LIMIT_EXPENSIVE_PER_MINUTE:
    'How many freezes, audit checks and searches for people a person or program may ask for in a minute.',
  RATE_LIMIT_INNGEST_PER_MINUTE: 'How many calls of Inngest one address may make in a minute.',
  RATE_LIMIT_STREAM_PER_MINUTE: 'How many event streams a person or program may open in a minute.',
  EVENT_STREAMS_MAX: 'How many event streams may be open at once.',
  EVENT_STREAMS_PER_PERSON_MAX: 'How many of them one person or program may have.',
  REQUEST_HEAD_TIMEOUT_MS:
    'How long a client may take to send the head of a request before it is cut off, in milliseconds.',
  REQUEST_TIMEOUT_MS:
    'How long a client may take to send a whole request, in milliseconds: an upload of 64 MB has to fit.',
  DESK_DIR: 'Where the built desk is, when it is not beside the gateway.',
  PUBLIC_BASE_URL: 'The address people reach the gateway at; unsubscribe links begin with it.',
  POLICY_FILE:
    'The sending rules: caps, windows, tiers, recontact time. Changing them makes frozen batches unusable.',
  COPY_PACK_DIR: 'The texts, senders and customer profile of the company.',
  PSEUDONYM_KEY:
    'Turns people into pseudonyms in suppressions and in the audit. Never change it: a store filled under another key is refused.',
  AUDIT_SEAL_KEY:
    'Seals the audit and every approval, so that a changed history is noticed and a forged approval is not executed. Changing it makes approved batches unusable and the audit fail. Keep a copy outside the system.',
  AUDIT_RETENTION_DAYS:
    'After how many days sealed rows of the audit are retired, in whole seals; a signed checkpoint stays in their place and the rest verifies. `0` keeps every row.',
  AUDIT_HEADS_FILE:
    'A file the gatekeeper appends every head of the audit to, and compares the audit with. Keep it where whoever can write to Redis cannot. Without it only the running process remembers the last head, and the log has them all.',
  UNSUBSCRIBE_SECRET: 'Makes and reads unsubscribe links; the same for gatekeeper and webhooks.',
  UNSUBSCRIBE_SECRET_PREVIOUS:
    'The former UNSUBSCRIBE_SECRET, while links made with it are still in mailboxes.',
  DELIVERY_MODE_EMAIL:
    'Where e-mail goes: `log-only` keeps the message it would have sent, `sandbox` hands it to the provider simulator. `allow-list` (listed people only) and `live` hand it for real to the provider that the policy names for its route; both are refused at the start without a key of that provider, in a local or test environment, and with a PUBLIC_BASE_URL that recipients cannot open. No environment implies them.',
  DELIVERY_MODE_LINKEDIN:
    'Where LinkedIn messages go, in the same words: `sandbox` is the provider simulator, `allow-list` and `live` put them on HeyReach lists, which needs HEYREACH_API_KEY. Nothing here starts a HeyReach campaign.',
  INSTANTLY_API_KEY:
    'The key of the Instantly workspace; used in the delivery modes `allow-list` and `live` of e-mail alone.',
  HEYREACH_API_KEY:
    'The key of the HeyReach workspace; used in the delivery modes `allow-list` and `live` of LinkedIn alone.',
  GHL_API_KEY:
    'The token of the GoHighLevel location; used where the policy has GoHighLevel serve a route, in the delivery modes `allow-list` and `live` of e-mail alone.',
  GHL_LOCATION_ID: 'The GoHighLevel location that belongs to GHL_API_KEY.',
  SMTP_URL:
    'The mail server, where the policy has one serve a route: `smtps://` is TLS from the first byte, `smtp://` insists on STARTTLS. Used in the delivery modes `allow-list` and `live` of e-mail alone.',
  SMTP_USER: 'The login at the mail server.',
  SMTP_PASSWORD: 'The password of SMTP_USER.',
  SANDBOX_SMTP_URL:
    'Where the SMTP server of the provider simulator listens; needed for the delivery mode `sandbox` where the policy has a mail server serve a route. The login is `simulator` with SANDBOX_API_KEY.',
  SANDBOX_URL: 'Where the provider simulator answers; needed for the delivery mode `sandbox`.',
  SANDBOX_API_KEY: 'The key the provider simulator expects; needed for the delivery mode `sandbox`.',
  EMERGENCY_STOP: 'Stops all sending as long as it is true, whatever the stored stop says.',
  JOB_LOCK_MS: 'After this long without a sign of life a worker loses its job, in milliseconds.',
  JOB_STALL_CHECK_MS: 'How often lost jobs are looked for, in milliseconds.',
  REQUEUE_AFTER_MS: 'After this long a queued action that nobody carries is enqueued again, in milliseconds.',
  DISPATCH_CONCURRENCY: 'How many actions are carried at once.',
  LEAD_INBOX_DIR:
    'A folder whose lead files are imported every 15 minutes and then moved to `taken/`. Needs Inngest.',
  INNGEST_APP_ID: 'The name of the app in Inngest.',
  INNGEST_DEV:
    'The address of a local Inngest dev server. Calls are not verified with it, so it is refused outside `local` and `test…`.',
  INNGEST_SIGNING_KEY: 'Verifies calls from Inngest.',
  INNGEST_EVENT_KEY: 'Sends events to Inngest.',
  INNGEST_BASE_URL: 'The address of an Inngest server of your own; left out, Inngest Cloud is asked.',
  INNGEST_WEBHOOK_URL:
    'The public address at which Inngest Cloud reaches the functions, through the gateway: https://<domain>/inngest.',
  INNGEST_SERVE_ORIGIN: 'The address Inngest reaches the scheduler at, when it is not the one it sees.',
  INNGEST_REQUIRED:
    'Whether the scheduler counts as not ready without Inngest; then both keys have to be set.',
};

const privateKeyOf = (service: string): string =>
  `The SERVICE_PRIVATE_KEY of the ${service}. \`npm run caio -- keys\` prints one for each service.`;

/** What docker-compose.yml reads from .env and hands to no service under that name. */
export const composeVariables: readonly {
  readonly name: string;
  readonly secret: boolean;
  readonly meaning: string;
}[] = [
  {
    name: 'REDIS_PASSWORD',
    secret: true,
    meaning:
      'The password of the Redis that compose starts: letters, digits, - and _ only, it becomes part of an address.',
  },
  { name: 'GATEWAY_PRIVATE_KEY', secret: true, meaning: privateKeyOf('gateway') },
  { name: 'GATEKEEPER_PRIVATE_KEY', secret: true, meaning: privateKeyOf('gatekeeper') },
  { name: 'SCHEDULER_PRIVATE_KEY', secret: true, meaning: privateKeyOf('scheduler') },
  { name: 'WEBHOOKS_PRIVATE_KEY', secret: true, meaning: privateKeyOf('webhooks service') },
  {
    name: 'GATEWAY_BIND',
    secret: false,
    meaning: 'The address of this machine the gateway is reached at. Left out, nobody else can reach it.',
  },
  { name: 'GATEWAY_PORT', secret: false, meaning: 'The port of this machine the gateway is reached at.' },
  {
    name: 'CAIO_RELEASE',
    secret: false,
    meaning:
      'The tag of the images, so that the ones of the release before are kept and can be gone back to.',
  },
];

/** What the command line and the local stack read, which no service does. */
export const toolVariables: readonly { readonly name: string; readonly meaning: string }[] = [
  {
    name: 'CAIO_URL',
    meaning: 'Address of the gateway the command line talks to; without it the running local stack.',
  },
  {
    name: 'CAIO_TOKEN',
    meaning: 'Access token of the command line; without it the one of the running local stack.',
  },
  {
    name: 'CAIO_DATA',
    meaning:
      'Folder of the local stack, for `npm start` and the commands that look for it; `--data` wins over it.',
  },
  { name: 'REDIS_URL', meaning: '`npm start` and `npm test` use this Redis instead of starting one.' },
  {
    name: 'CAIO_REDIS_SERVER',
    meaning: 'A redis-server or valkey-server program for tests, instead of the one on PATH.',
  },
  {
    name: 'CHROMIUM_PATH',
    meaning: 'A Chromium or Chrome for `npm test` and `npm run screenshots`, instead of the one on PATH.',
  },
  { name: 'CAIO_ROOT', meaning: 'Folder of the repository; set by `npm run caio` itself.' },
  {
    name: 'CAIO_PARENT_PID',
    meaning: 'Process a service or the simulator ends with; set by `npm start` itself.',
  },
  {
    name: 'DELIVERY_MODE_EMAIL',
    meaning: '`npm start` takes `log-only` or `sandbox` from it and refuses anything else.',
  },
  { name: 'SIMULATOR_API_KEY', meaning: 'Key the provider simulator expects; set by `npm start` itself.' },
  { name: 'SIMULATOR_LOG_FILE', meaning: 'File the provider simulator writes what it was handed to.' },
  {
    name: 'SIMULATOR_SMTP_PORT',
    meaning: 'Port of the SMTP server of the provider simulator; without it there is none.',
  },
];
