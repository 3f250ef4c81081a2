/** Web addresses may hold percent signs and braces of their own; they are looked at elsewhere. */
const withoutLinks = (text: string): string => text.replace(/\bhttps?:\/\/\S+/gi, 'x');

interface Placeholder {
  readonly name: string;
  readonly pattern: RegExp;
}

/** Syntax of templates and data: never part of a name. */
const syntax: readonly Placeholder[] = [
  { name: 'template braces', pattern: /[{}]/u },
  { name: 'a template tag', pattern: /<%|%>|\{%|%\}/u },
  { name: 'a percent placeholder', pattern: /%%|%[A-Za-z][\w.-]*%|%\([\w.]+\)s|(?<![\w%])%s\b/u },
  { name: 'a merge tag', pattern: /\*\|[^|]*\|\*|(?<!\w)\$[A-Za-z_]\w+|(?<!\w)__\w+__(?!\w)|##\w+##/u },
  { name: 'a bracketed placeholder', pattern: /\[(?=[^\]\n]{0,200}\p{L})[^\]\n]{1,200}\]/u },
  {
    name: 'an angle placeholder',
    pattern:
      /<\/?(?:first|last|full|your|my|the|company|name|title|role|industry|insert|sender|link)[\w\s-]{0,30}>/iu,
  },
  { name: 'a data literal', pattern: /\[object [A-Z]\w+\]|['"][\w ]+['"]\s*:\s*['"[{\d]/u },
];

/** Words that stand where a value is missing; a real name may hold one. */
const words: readonly Placeholder[] = [
  {
    name: 'a missing value',
    pattern: /(?<![\p{L}\p{N}-])(?:undefined|null|n\/a)(?![\p{L}\p{N}-])/iu,
  },
  { name: 'a missing value', pattern: /(?<![\p{L}\p{N}-])NaN(?![\p{L}\p{N}-])/u },
  // "None" opens many an honest sentence; as a value it stands where a name should.
  { name: 'a missing value', pattern: /(?<=[\p{L},;:] )None(?![\p{L}\p{N}])|^None$/mu },
  { name: 'a missing value', pattern: /(?<![\p{L}\p{N}])(?:TBD|TODO|FIXME|XXX+)(?![\p{L}\p{N}])/u },
  {
    name: 'an instruction to the author',
    pattern:
      /(?:^|[.!?:;([]\s*)(?:reference|mention|insert|add|include) (?:their|his|her|the (?:prospect|lead|company)'?s?)\b|\breference their tech stack\b/imu,
  },
  {
    name: 'filler text',
    pattern: /\blorem ipsum\b|\bno body content\b|\bno subject\b|\byour (?:company|name|title) here\b/iu,
  },
  { name: 'a word missing before a mark', pattern: /(?<=\S)[ \t]+[,;!?](?!\S)|(?<=\S)[ \t]+\.(?=\s|$)/mu },
  { name: 'a word missing before "\'s"', pattern: /(?:^|\s)['’]s\b/mu },
  { name: 'a word missing', pattern: /\b(?:at|for|with|of|in|to|from|like)[ \t]{2,}\S/iu },
  { name: 'an unnamed greeting', pattern: /^(?:hi|hello|hey|dear)\s*[,!:]?\s*$/imu },
];

/** A company may be called "Null Labs"; the words of a real name are not placeholders. */
const withoutName = (text: string, names: readonly string[]): string =>
  names
    .filter((name) => name.trim().includes(' '))
    .reduce((rest, name) => rest.replaceAll(name.trim(), 'x'), text);

/**
 * What was left unrendered in a text: template syntax, data literals, missing values, instructions to the
 * author. Each finding names its kind and quotes at most forty characters. The words of a name (of several words)
 * are no missing values.
 */
export const placeholdersIn = (text: string, names: readonly string[]): readonly string[] => {
  const plain = withoutLinks(text);
  const nameless = withoutName(plain, names);
  const found = [
    ...syntax.map((placeholder) => ({ ...placeholder, match: placeholder.pattern.exec(plain) })),
    ...words.map((placeholder) => ({ ...placeholder, match: placeholder.pattern.exec(nameless) })),
  ];
  return found.flatMap(({ name, match }) =>
    match === null ? [] : [`${name} (“${match[0].trim().slice(0, 40)}”)`],
  );
};
