export const header =
  'First Name,Last Name,Title,Company,Email,Email Status,# Employees,Industry,Website,Annual Revenue,Person Linkedin Url';

/** A row of the header above: somebody whom Harbor & Pine would write to, unless told otherwise. */
export const rowOf = (number: number, changes: Partial<Record<string, string>> = {}): string => {
  const cells: Record<string, string> = {
    first: 'Ava',
    last: 'Stone',
    title: 'CEO',
    company: `Oak Lane ${number} Agency`,
    email: `ava.stone@oaklane-${number}.example`,
    status: 'Verified',
    employees: '120',
    industry: 'Marketing & Advertising',
    website: `https://oaklane-${number}.example`,
    revenue: '$30M',
    linkedin: '',
  };
  return Object.values({ ...cells, ...changes }).join(',');
};

/** Somebody whom it would never write to. */
export const intern = (number: number): string => rowOf(number, { title: 'Intern' });

/** A row without a readable address. */
export const badRow = 'x,y,CEO,Some Agency,not an address,Verified,120,Marketing & Advertising,,,';

export const fileOf = (rows: readonly string[]): string => `${[header, ...rows].join('\n')}\n`;
