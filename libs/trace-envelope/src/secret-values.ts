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
  /[\p{L}\p{N}._%+'!#$&*/=?^`{|}~-]{1,64}(?:@|%40)[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,63}\.){0,8}[\p{L}\p{N}-]{0,63}/giu;
const linkedinPerson = /((?:\blinkedin:|linkedin\.[a-z.]{2,6}\/(?:in|pub)\/))[\p{L}\p{N}%_-]{2,200}/giu;
const phoneNumber =
  /(?<![\w.+-])(?:\+\d{1,3}[\s().-]{0,2}(?:\d[\s().-]{0,2}){6,12}\d|\(\d{3}\)[\s.-]?\d{3}[\s.-]?\d{4}|\d{3}[-. ]\d{3}[-. ]\d{4}|0\d{1,4}[\s-]\d{3,4}[\s-]?\d{3,5})(?![\w-])/g;
const cardNumber = /(?<!\d)\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?!\d)/g;
const labelledDigest = /(?:digest|hash|sha-?256|fingerprint|checksum)s?\\?["']?\s*[:=]\s*\\?["'[]?\s*$/i;
const longHex = /(?<![A-Za-z0-9])[0-9a-f]{32,}(?![A-Za-z0-9])/gi;
const longRun = /[A-Za-z0-9+_-](?:[A-Za-z0-9+/_-]{30,})[A-Za-z0-9+_-]={0,2}/g;
const knownId =
  /[a-z]{2,10}_[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Enough class changes between neighbours that no person typed it: random text has about 0.65, names under 0.2. */
const looksRandom = (run: string): boolean => {
  let changes = 0;
  let previous = 0;
  for (let index = 0; index < run.length; index += 1) {
    const code = run.charCodeAt(index);
    const kind =
      code >= 48 && code <= 57 ? 1 : code >= 97 && code <= 122 ? 2 : code >= 65 && code <= 90 ? 3 : 0;
    if (kind === 0) continue;
    if (previous !== 0 && kind !== previous) changes += 1;
    previous = kind;
  }
  return changes / run.length >= 0.3;
};

const cutLongRun = (run: string): string => {
  const rest = run.replace(knownId, '');
  return rest.length >= 32 && looksRandom(rest) ? redacted : run;
};

const hasLongRun = /[A-Za-z0-9+/_-]{32}/;
const hasDigits = /\d{3}[\s).-]|\+\d|\(\d/;
const hasLabel = /passw|pwd|passphrase|secret|token|key|credential|authorization|cookie/i;

/**
 * Cuts what a text itself gives away: e-mail addresses, credentials in URLs and headers, bearer strings, JWTs,
 * vendor keys, private keys, long random runs, phone and card numbers, LinkedIn people. A SHA-256 named as a
 * digest stays, because previews and content digests are evidence. Each rule runs only when its marker occurs.
 */
export const cutSecretValues = (text: string, kindOfKey: (key: string) => KeyKind): string => {
  if (text.length < 3) return text;
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
  if (hasLabel.test(cut)) {
    cut = cut.replace(credentialHeader, `$1$2${redacted}`).replace(labelled, `$1$2${redacted}`);
  }
  if (cut.includes('earer') || cut.includes('asic') || cut.includes('BEARER') || cut.includes('BASIC')) {
    cut = cut.replace(scheme, `$1 ${redacted}`);
  }
  if (cut.includes('eyJ')) cut = cut.replace(jsonWebToken, redacted);
  cut = cut.replace(vendorKey, redacted);
  if (cut.includes('@') || cut.includes('%40')) cut = cut.replace(emailAddress, redacted);
  if (cut.includes('inkedin')) cut = cut.replace(linkedinPerson, `$1${redacted}`);
  if (hasLongRun.test(cut)) {
    cut = cut
      .replace(longHex, (run, at: number, whole: string) =>
        run.length === 64 && labelledDigest.test(whole.slice(Math.max(0, at - 40), at)) ? run : redacted,
      )
      .replace(longRun, cutLongRun);
  }
  if (hasDigits.test(cut)) cut = cut.replace(cardNumber, redacted).replace(phoneNumber, redacted);
  return cut;
};
