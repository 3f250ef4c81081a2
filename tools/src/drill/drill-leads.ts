const header =
  'First Name,Last Name,Title,Company,Email,Email Status,# Employees,Industry,Website,Annual Revenue';
const firstNames = ['Ada', 'Bram', 'Cleo', 'Dara', 'Eli', 'Faye', 'Gus', 'Hana', 'Ivo', 'Juno'];

/** A letter for each digit: a name with a number in it would be judged as what it is, a mistake in the file. */
const wordOf = (index: number): string =>
  [...String(index)].map((digit) => 'abcdefghij'[Number(digit)] ?? '').join('');

/** A lead file of this many made-up people at example domains, each at a company of their own, all of whom qualify; `from` numbers the first. */
export const drillLeads = (count: number, from = 0): string => {
  const rows = Array.from({ length: count }, (_, at) => {
    const index = from + at;
    const first = firstNames[index % firstNames.length] ?? '';
    const last = `Drill${wordOf(index)}`;
    const domain = `drill-${wordOf(index)}.example`;
    const email = `${first}.${last}@${domain}`.toLowerCase();
    return `${first},${last},CEO,Drill ${wordOf(index)} Studio,${email},Verified,120,Marketing & Advertising,https://${domain},$30M`;
  });
  return [header, ...rows, ''].join('\n');
};
