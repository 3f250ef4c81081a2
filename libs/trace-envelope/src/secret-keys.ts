/** Which field names carry a secret or a person's data. Names are compared word by word, never by substring. */

const secretWords = new Set([
  'authorization',
  'auth',
  'bearer',
  'cookie',
  'cookies',
  'credential',
  'credentials',
  'csrf',
  'jwt',
  'otp',
  'passphrase',
  'passwd',
  'password',
  'passwords',
  'pwd',
  'secret',
  'secrets',
  'session',
  'sid',
  'signature',
  'token',
  'tokens',
  'xsrf',
  'apikey',
  'apikeys',
  'privatekey',
  'signingkey',
]);

const personalWords = new Set([
  'email',
  'emails',
  'mail',
  'phone',
  'phones',
  'mobile',
  'subject',
  'body',
  'bodies',
  'html',
  'footer',
  'firstname',
  'lastname',
  'fullname',
  'ssn',
  'iban',
  'linkedin',
]);

/** Two words that only together name a secret or a person. */
const wordPairs = new Set([
  'api key',
  'api keys',
  'access key',
  'encryption key',
  'private key',
  'pseudonym key',
  'seal key',
  'secret key',
  'shared key',
  'signing key',
  'first name',
  'full name',
  'last name',
]);

/** A last word that turns the name into a fact about the secret: `auth_status`, `token_count`, `bodyDigest`. */
const factWords = new Set([
  'at',
  'bytes',
  'cap',
  'caps',
  'configured',
  'count',
  'digest',
  'enabled',
  'expires',
  'expiry',
  'hash',
  'left',
  'length',
  'limit',
  'max',
  'method',
  'min',
  'missing',
  'mode',
  'ms',
  'present',
  'required',
  'retries',
  'scheme',
  'seconds',
  'sent',
  'size',
  'state',
  'status',
  'ttl',
  'type',
  'usage',
  'used',
  'valid',
  'version',
]);

/** A first word that makes `tokens` a quantity: `max_tokens`, `promptTokens`. */
const quantityWords = new Set(['completion', 'input', 'max', 'min', 'output', 'prompt', 'total', 'used']);

const digestWords = new Set(['digest', 'hash', 'sha256', 'fingerprint', 'checksum']);

const wordsOf = (key: string): string[] =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

const decide = (key: string): KeyKind => {
  const words = wordsOf(key);
  const last = words.at(-1) ?? '';
  if (digestWords.has(last)) return 'digest';
  if (words.length > 1 && factWords.has(last)) return 'plain';
  if (words.length > 1 && last === 'tokens' && quantityWords.has(words[0] ?? '')) return 'plain';
  for (const [index, word] of words.entries()) {
    if (secretWords.has(word) || personalWords.has(word)) return 'secret';
    if (index > 0 && wordPairs.has(`${words[index - 1] ?? ''} ${word}`)) return 'secret';
  }
  return 'plain';
};

/** `secret`: the value is cut whole. `digest`: a SHA-256 there is evidence and stays. `plain`: judged by value. */
export type KeyKind = 'secret' | 'digest' | 'plain';

/** Remembers the names it has judged, up to a bound, because the same few hundred come again on every call. */
export const createKeyJudge = (rememberedMax = 2_000): ((key: string) => KeyKind) => {
  const judged = new Map<string, KeyKind>();
  return (key) => {
    const known = judged.get(key);
    if (known !== undefined) return known;
    const kind = decide(key.length > 200 ? key.slice(0, 200) : key);
    if (judged.size < rememberedMax && key.length <= 80) judged.set(key, kind);
    return kind;
  };
};
