import { foldShape } from '../copy-pack/folded-text.ts';

/**
 * A stretch of text that states something a reader could ask proof for. `start` and `end` are positions in
 * the folded text. `person` is a statement about the reader ("congratulations on your new office").
 */
export interface Assertion {
  readonly kind: 'number' | 'superlative' | 'result' | 'name' | 'person';
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const spelled =
  '(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:a|one|several|few) (?:hundred|thousand|million|dozen))';
const counted =
  '(?:hours?|hrs?|days?|weeks?|months?|quarters?|years?|decades?|minutes?|people|persons?|staff|employees|recruiters|clients?|customers?|firms?|companies|agencies|businesses|teams?|projects?|percent|per cent|times|fold|dollars|euros|pounds|figures|points|million|thousand|hundred|of (?:our|the|their) (?:clients|customers))';
const meeting =
  '(?:call|chat|conversation|walk-?through|intro|introduction|meeting|look|read|slot|review|sketch|demo)';

/** Digits that count nothing: names of things, dates to come, times of day, the length of a proposed call. */
const notCounting = new RegExp(
  [
    String.raw`\b24/7\b`,
    String.raw`\b(?:re|fwd?|aw|wg) ?[[(]\d+[\])]`,
    String.raw`\b(?:[1-4]pl|2fa|2d|3d|5s|1on1|1-on-1|1:1|401k|401\(k\))(?![\p{L}\p{N}])`,
    String.raw`(?<![\p{L}\p{N}])\d{1,2}(?::\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.)(?![\p{L}\p{N}])`,
    String.raw`\b(?:in|by|for|into|of|through|before|after|q[1-4]|early|late|mid) 20[2-9]\d\b`,
    String.raw`(?<![\p{L}\p{N}])(?:[1-9]|[1-5]\d|60|five|ten|fifteen|twenty|thirty)[- ]min(?:ute)?s? (?:\w+ )?${meeting}\b`,
    String.raw`\b(?:for|spare|worth|have|grab|find|to|over) (?:a |about |around |just )?(?:[1-9]|[1-5]\d|60|five|ten|fifteen|twenty|thirty)[- ]min(?:ute)?s?\b(?! (?:per|a|each|every|of)\b)`,
    String.raw`\b(?:next|coming|these|following) (?:${spelled}|\d{1,2}) (?:days|weeks|months)\b`,
  ].join('|'),
  'gu',
);

/** Matched against lower case: matching without regard to case is several times slower. */
const patterns: readonly { readonly kind: Assertion['kind']; readonly pattern: RegExp }[] = [
  {
    kind: 'number',
    pattern:
      /(?<![\p{L}\p{N}]|\p{L}-)(?:[#$€£¥₹]|usd |eur )?\s?\p{N}+(?:[.,]\p{N}+)*(?:\s?(?:%|percent\b|per cent\b|k\b|m\b|bn\b|million\b|billion\b|thousand\b|x\b|×|\+))?/gu,
  },
  { kind: 'number', pattern: new RegExp(`\\b${spelled}[- ](?:[\\p{L}'-]+ )?${counted}\\b`, 'gu') },
  {
    kind: 'number',
    pattern:
      /\b(?:hundreds|thousands|millions|billions|dozens|decades)\b|\b(?:scores|tens) of\b|\b(?:over|more than|nearly|almost|about|for|half) a (?:decade|dozen|century|million|hundred|thousand)\b|\byears of (?:experience|work|practice)\b|\bfor years\b/gu,
  },
  {
    kind: 'number',
    pattern:
      /\b(?:in|by) (?:half|a third|a quarter|two[- ]thirds|three[- ]quarters)\b|(?<!\b(?:first|second|last|this|next|other|third|fourth|latter) )\b(?:half|a third|two[- ]thirds|a quarter|three[- ]quarters) (?:of )?(?:your|their|our|all|its|the (?!battle|story|job)|every|each)/gu,
  },
  {
    kind: 'number',
    pattern:
      /\b(?:tripl|quadrupl)(?:e[sd]?|ing)\b|\bdoubl(?:ed|es|ing)\b|\bdouble (?:the|your|their|our)\b|\bhalv(?:e[sd]?|ing)\b|\btwice (?:as|the)\b|\b\w+fold\b|\bten times\b/gu,
  },
  {
    kind: 'superlative',
    pattern:
      /\b(?:the|our|its|your) (?:(?:very|single|world's|market's|industry's|country's|region's|nation's) )*(?:best(?! (?:time|way|person|place|day|address|number|contact|next|fit|moment|people|case)\b)|leading|top(?! of| end| line| priority| three| two)|fastest|largest|biggest|cheapest|finest|greatest|strongest|smartest|safest|highest[- ]rated|number one)(?<!\ball the best)\b/gu,
  },
  {
    kind: 'superlative',
    pattern:
      /\b(?:industry|market|world|category)[- ]leading\b|\bmarket leaders?\b|\bleading (?:provider|firm|company|consultancy|agency|vendor|supplier|expert|experts|specialist|specialists|platform)\b|\b(?:award[- ]winning|unrivall?ed|unmatched|unparalleled|unbeatable|second to none|top[- ]rated|best in (?:the )?(?:business|class|market)|number one|no\.? ?1|state[- ]of[- ]the[- ]art|voted|award|awards|awarded|recogni[sz]ed (?:as|by)|featured in|rated|ranked (?:first|top|among|in|number|no)|never (?:fails?|makes? (?:a )?mistakes?|miss(?:es)?)|zero (?:risk|errors?|mistakes?)|no risk|most (?:trusted|advanced|experienced|effective|reliable|accurate|popular|widely))\b/gu,
  },
  {
    kind: 'superlative',
    pattern:
      /\b(?:the only|the first|first ever|first-ever) (?:\w+ )?(?:firm|company|consultancy|agency|team|platform|product|tool|provider|system|service|solution|one (?:that|to|who|which))\b|\b(?:guarantee[sd]?|guaranteed|risk[- ]free|foolproof|fail[- ]?safe|clinically|scientifically|certified|accredited|proven|patented)\b/gu,
  },
  {
    kind: 'result',
    pattern:
      /\b(?:we|we've|we have|our (?:\w+ ){0,2}\w+|(?:our |other |most )?(?:clients|customers)|they)(?: (?:have|has|had|also|just|recently|typically|usually|regularly|often|already|all|each))* (?:helped|saved|cut|reduced|increased|grew|boosted|eliminated|improved|shortened|recovered|freed|won|earned|raised|lifted|brought|took|gained)\b|\b(?:most|many|all|several|some|each|every one|nearly all) of our (?:\w+ )?(?:clients|customers|users)\b/gu,
  },
  {
    kind: 'result',
    pattern:
      /\b(?:will|would|can|could|to) (?:surely |certainly |easily )?(?:save|earn|make|win|gain) you\b|\byou(?:'ll| will) (?:save|double|earn|gain|win|cut|recover|free up)\b|\bwill (?:double|triple|halve|cut|boost|increase|reduce|eliminate|transform)\b/gu,
  },
  {
    kind: 'person',
    pattern:
      /\bcongrat(?:s|ulations)\b|\b(?:i|we)(?: have|'ve)?(?: just| recently| also| really)* (?:saw|seen|read|noticed|heard|watched|listened to|loved|enjoyed|spotted|came across)\b(?: that| about)? (?:you|your|\p{L}+'s)\b|\byour (?:recent|latest|new|upcoming) (?:\w+ )?(?:post|article|podcast|episode|funding|round|raise|launch|acquisition|merger|hires?|announcement|expansion|award|opening|openings|talk|interview|webinar|report|role|job|move|office|promotion|website|campaign|job ads?)\b/gu,
  },
  {
    kind: 'person',
    pattern:
      /\b(?:since|because|given that|knowing|seeing) you(?:'re| are)? (?:use|using|run|running|rely|relying|on|moved|migrated|bought)\b|\byour (?:series [a-e]|seed round|ipo|fundraise|fundraising)\b|(?<!\b(?:if|whether|when|once|unless|while|as) )\byou(?:'re| are| have been)(?: \w+ly| also| now)? (?:hiring|expanding|raising|launching|migrating|moving to|struggling|losing|rolling out|opening)\b/gu,
  },
];

const namedClient =
  /\b(?:[Hh]elped|[Ww]ork(?:ed|ing) with|(?:[Ww]e|I)(?: also| already| often)? work with|[Pp]artner(?:ed|ing)? with|[Cc]lients? (?:like|such as|including)|[Cc]ustomers? (?:like|such as|including)|[Tt]rusted by|[Uu]sed by|[Cc]hosen by|[Ff]irms? like|[Cc]ompanies (?:like|such as|including)) (?:the |our friends at )?(?<name>\p{Lu}[\p{L}\p{N}&.'-]*(?: (?:& )?\p{Lu}[\p{L}\p{N}&.'-]+)*)/gu;

/** Capitals that are no company: kinds of business, roles, tools of the trade, places. */
const commonCapitals: ReadonlySet<string> = new Set(
  'AI API ATS B2B B2C CEO CFO CIO COO CPA CRM CTO DTC ERP EU HR HVAC I IT KPI LLM MSP PE SMB SaaS UK US VC VP'.split(
    ' ',
  ),
);

const blank = (text: string, pattern: RegExp): string =>
  text.replace(pattern, (found) => '\u0001'.repeat(found.length));

/** Folded lower-case text with links, addresses and what counts nothing blanked at equal length. */
const searchable = (lower: string): string =>
  blank(
    /@|:\/\//.test(lower)
      ? lower.replace(/\S+/gu, (piece) =>
          piece.includes('@') || /https?:\/\//u.test(piece) ? blank(piece, /.+/gu) : piece,
        )
      : lower,
    notCounting,
  );

/** One line, folded, list numbering gone: the text that positions of assertions refer to. */
export const assertedText = (text: string): string =>
  foldShape(text.replace(/^[ \t]*\d{1,2}[.)][ \t]+/gm, ''));

/**
 * Everything in a folded text (see `assertedText`) that needs proof: numbers, money and shares in digits or
 * words, superlatives, results, named clients, statements about the reader. Lengths of a proposed call, times
 * of day and years to come are not claims.
 */
export const assertionsIn = (folded: string): readonly Assertion[] => {
  const text = searchable(folded.toLowerCase());
  const spans = patterns.flatMap(({ kind, pattern }) =>
    [...text.matchAll(pattern)].map((found): Assertion => {
      const lead = found[0].length - found[0].trimStart().length;
      const start = found.index + lead;
      const end = found.index + found[0].trimEnd().length;
      return { kind, start, end, text: folded.slice(start, end) };
    }),
  );
  const names = [...folded.matchAll(namedClient)].flatMap((found): Assertion[] => {
    const name = found.groups?.['name'] ?? '';
    const end = found.index + found[0].length;
    const first = name.split(/[ -]/)[0]?.replace(/s$/, '') ?? '';
    return commonCapitals.has(first) ? [] : [{ kind: 'name', start: end - name.length, end, text: name }];
  });
  return [...spans, ...names].sort((a, b) => a.start - b.start);
};
