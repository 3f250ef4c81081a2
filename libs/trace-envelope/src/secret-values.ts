import type { KeyKind } from './secret-keys.ts';

export const redacted = '***REDACTED***';

const urlUserinfo = /([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/?#"'<>\\]{1,500}@/gi;
const queryValue = /([?&;])([\w.~%[\]-]{1,64})=([^&#;\s"'<>\\]+)/g;
const credentialHeader =
  /\b((?:proxy-)?authorization|set-cookie|cookie)(\\?["']?\s*[:=]\s*\\?["']?)[^"'\r\n\\]{1,8000}/gi;
const scheme = /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi;
const labelled =
  /\b((?:[\w-]{0,40}[_-])?(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|private[_-]?key|signing[_-]?key|credentials?))(\\?["']?\s*[:=]\s*\\?["']?)(?!\*\*\*)[^\s"',;&}\\]{3,}/gi;
const pem = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g;
const jsonWebToken = /\beyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){0,4}/g;
const vendorKey =
  /\b(?:sk|pk|rk|ghp|gho|ghu|ghs|ghr|github_pat|glpat|xox[abeprs]|whsec|signkey|key|pat|pit|npm)[-_](?=[A-Za-z0-9_-]{0,60}\d)[A-Za-z0-9_-]{8,}|\b(?:AKIA|ASIA)[A-Z0-9]{12,}|\bAIza[A-Za-z0-9_-]{20,}|\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g;
const emailAddress =
  /[\p{L}\p{N}._%+'-]{1,64}(?:@|%40)[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,63}\.){0,8}[\p{L}\p{N}-]{0,63}/giu;
const linkedinPerson = /((?:\blinkedin:|linkedin\.[a-z.]{2,6}\/(?:in|pub)\/))[\p{L}\p{N}%_-]{2,200}/giu;
const phoneNumber =
  /(?<![\w.+-])(?:\+\d{1,3}[\s().-]{0,2}(?:\d[\s().-]{0,2}){6,12}\d|\(\d{3}\)[\s.-]?\d{3}[\s.-]?\d{4}|\d{3}[-. ]\d{3}[-. ]\d{4}|0\d{1,4}[\s-]\d{3,4}[\s-]?\d{3,5})(?![\w-])/g;
const cardNumber = /(?<!\d)\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?!\d)/g;
const digestLabel = /(?:digest|hash|sha-?256|fingerprint|checksum)s?\\?["']?\s*[:=]\s*\\?["'[:]?\s*$/i;
const longHex = /(?<![A-Za-z0-9])[0-9a-f]{32,}(?![A-Za-z0-9])/gi;
const longRun = /[A-Za-z0-9+/_-]{32,}={0,2}/g;
const sha256 = /^(?:[0-9a-f]{64}|[A-Za-z0-9+/]{43}=)$/;
const knownId =
  /[a-z]{2,10}_[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

const digit = 1;
const lower = 2;
const upper = 3;
const dash = 4;
const slash = 5;

const classes = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) {
  const character = String.fromCharCode(code);
  if (/[0-9]/.test(character)) classes[code] = digit;
  else if (/[a-z]/.test(character)) classes[code] = lower;
  else if (/[A-Z]/.test(character)) classes[code] = upper;
  else if (/[-_]/.test(character)) classes[code] = dash;
  else if (/[+/]/.test(character)) classes[code] = slash;
}

const longRunMin = 32;
const vendorKeyMin = 11;
/** First letters of the vendor prefixes above. */
const vendorInitials = new Set([...'sprgxwknASGBH'].map((letter) => letter.charCodeAt(0)));

interface Marks {
  longRun: boolean;
  vendorKey: boolean;
  digits: number;
}

/** One pass over the text that says which of the costly rules can apply at all. */
const mark = (text: string): Marks => {
  let digits = 0;
  let runLength = 0;
  let wordLength = 0;
  let wordDigits = 0;
  let wordInitial = 0;
  let hasLongRun = false;
  let hasVendorKey = false;
  for (let index = 0; index <= text.length; index += 1) {
    const code = index === text.length ? 0 : text.charCodeAt(index);
    const kind = code < 128 ? (classes[code] ?? 0) : 0;
    if (kind === 0 || kind === slash) {
      if (wordLength >= vendorKeyMin && wordDigits > 0 && vendorInitials.has(wordInitial))
        hasVendorKey = true;
      wordLength = 0;
      wordDigits = 0;
    } else {
      if (wordLength === 0) wordInitial = code;
      wordLength += 1;
      if (kind === digit) {
        digits += 1;
        wordDigits += 1;
      }
    }
    if (kind === 0) runLength = 0;
    else {
      runLength += 1;
      if (runLength >= longRunMin) hasLongRun = true;
    }
  }
  return { longRun: hasLongRun, vendorKey: hasVendorKey || text.includes('SG.'), digits };
};

/**
 * Whether a person can have typed this run. Random text changes its class (digit, lower, upper) at two of three
 * neighbours, names at one of five; random text without a digit is still one third capitals.
 */
const looksRandom = (run: string): boolean => {
  let changes = 0;
  let previous = 0;
  const counts = [0, 0, 0, 0];
  for (let index = 0; index < run.length; index += 1) {
    const kind = classes[run.charCodeAt(index)] ?? 0;
    if (kind === 0 || kind > upper) continue;
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (previous !== 0 && kind !== previous) changes += 1;
    previous = kind;
  }
  const [, digits = 0, lowers = 0, uppers = 0] = counts;
  if (digits > 0) return changes / run.length >= 0.3;
  return uppers / run.length >= 0.33 && lowers / run.length >= 0.25;
};

const isLabelledDigest = (run: string, at: number, whole: string): boolean =>
  sha256.test(run) && digestLabel.test(whole.slice(Math.max(0, at - 40), at));

const cutHex = (run: string, at: number, whole: string): string =>
  isLabelledDigest(run, at, whole) ? run : redacted;

const isSecretRun = (run: string): boolean => {
  const rest = run.replace(knownId, '');
  return rest.length >= longRunMin && looksRandom(rest);
};

const cutLongRun = (run: string, at: number, whole: string): string => {
  if (isLabelledDigest(run, at, whole)) return run;
  const parts = run.split('/');
  if (parts.length === 1) return isSecretRun(run) ? redacted : run;
  const cut = parts.map((part) => (isSecretRun(part) ? redacted : part));
  if (cut.includes(redacted)) return cut.join('/');
  // Base64 has a slash in every 64th place, a path in every tenth.
  return parts.length - 1 <= run.length / 16 && isSecretRun(run) ? redacted : run;
};

const hasLabel = /passw|pwd|passphrase|secret|token|key|credential|authorization|cookie/i;

/**
 * Cuts what a text itself gives away: e-mail addresses, credentials in URLs and headers, bearer strings, JWTs,
 * vendor keys, private keys, long random runs, phone and card numbers, LinkedIn people. A SHA-256 named as a
 * digest stays, because previews and content digests are evidence. Each rule runs only when its marker occurs.
 */
export const cutSecretValues = (text: string, kindOfKey: (key: string) => KeyKind): string => {
  if (text.length < 3) return text;
  const marks = mark(text);
  let cut = text;
  if (cut.includes('PRIVATE KEY-----')) cut = cut.replace(pem, redacted);
  if (cut.includes('://')) cut = cut.replace(urlUserinfo, `$1${redacted}@`);
  if (cut.includes('=') && (cut.includes('?') || cut.includes('&'))) {
    cut = cut.replace(queryValue, (whole, mark: string, name: string) =>
      kindOfKey(name) === 'secret' || /^(?:code|key|sig|state|t)$/i.test(name)
        ? `${mark}${name}=${redacted}`
        : whole,
    );
  }
  if ((cut.includes(':') || cut.includes('=')) && hasLabel.test(cut)) {
    cut = cut.replace(credentialHeader, `$1$2${redacted}`).replace(labelled, `$1$2${redacted}`);
  }
  if (cut.includes('earer') || cut.includes('asic') || cut.includes('BEARER') || cut.includes('BASIC')) {
    cut = cut.replace(scheme, `$1 ${redacted}`);
  }
  if (cut.includes('eyJ')) cut = cut.replace(jsonWebToken, redacted);
  if (marks.vendorKey) cut = cut.replace(vendorKey, redacted);
  if (cut.includes('@') || cut.includes('%40')) cut = cut.replace(emailAddress, redacted);
  if (cut.includes('inkedin')) cut = cut.replace(linkedinPerson, `$1${redacted}`);
  if (marks.longRun) cut = cut.replace(longHex, cutHex).replace(longRun, cutLongRun);
  if (marks.digits >= 8) cut = cut.replace(cardNumber, redacted).replace(phoneNumber, redacted);
  return cut;
};
