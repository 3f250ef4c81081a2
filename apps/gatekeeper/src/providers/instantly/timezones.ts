/** The zones Instantly's schedule takes. Source: developer.instantly.ai, create campaign. */
// prettier-ignore
const accepted: ReadonlySet<string> = new Set([
  'Etc/GMT+12', 'Etc/GMT+11', 'Etc/GMT+10', 'America/Anchorage', 'America/Dawson', 'America/Creston',
  'America/Chihuahua', 'America/Boise', 'America/Belize', 'America/Chicago', 'America/Bahia_Banderas',
  'America/Regina', 'America/Bogota', 'America/Detroit', 'America/Indiana/Marengo', 'America/Caracas',
  'America/Asuncion', 'America/Glace_Bay', 'America/Campo_Grande', 'America/Anguilla', 'America/Santiago',
  'America/St_Johns', 'America/Sao_Paulo', 'America/Argentina/La_Rioja', 'America/Araguaina',
  'America/Godthab', 'America/Montevideo', 'America/Bahia', 'America/Noronha', 'America/Scoresbysund',
  'Atlantic/Cape_Verde', 'Africa/Casablanca', 'America/Danmarkshavn', 'Europe/Isle_of_Man',
  'Atlantic/Canary', 'Africa/Abidjan', 'Arctic/Longyearbyen', 'Europe/Belgrade', 'Africa/Ceuta',
  'Europe/Sarajevo', 'Africa/Algiers', 'Africa/Windhoek', 'Asia/Nicosia', 'Asia/Beirut', 'Africa/Cairo',
  'Asia/Damascus', 'Europe/Bucharest', 'Africa/Blantyre', 'Europe/Helsinki', 'Europe/Istanbul',
  'Asia/Jerusalem', 'Africa/Tripoli', 'Asia/Amman', 'Asia/Baghdad', 'Europe/Kaliningrad', 'Asia/Aden',
  'Africa/Addis_Ababa', 'Europe/Kirov', 'Europe/Astrakhan', 'Asia/Tehran', 'Asia/Dubai', 'Asia/Baku',
  'Indian/Mahe', 'Asia/Tbilisi', 'Asia/Yerevan', 'Asia/Kabul', 'Antarctica/Mawson', 'Asia/Yekaterinburg',
  'Asia/Karachi', 'Asia/Kolkata', 'Asia/Colombo', 'Asia/Kathmandu', 'Antarctica/Vostok', 'Asia/Dhaka',
  'Asia/Rangoon', 'Antarctica/Davis', 'Asia/Novokuznetsk', 'Asia/Hong_Kong', 'Asia/Krasnoyarsk',
  'Asia/Brunei', 'Australia/Perth', 'Asia/Taipei', 'Asia/Choibalsan', 'Asia/Irkutsk', 'Asia/Dili',
  'Asia/Pyongyang', 'Australia/Adelaide', 'Australia/Darwin', 'Australia/Brisbane', 'Australia/Melbourne',
  'Antarctica/DumontDUrville', 'Australia/Currie', 'Asia/Chita', 'Antarctica/Macquarie', 'Asia/Sakhalin',
  'Pacific/Auckland', 'Etc/GMT-12', 'Pacific/Fiji', 'Asia/Anadyr', 'Asia/Kamchatka', 'Etc/GMT-13',
  'Pacific/Apia',
]);

/** Common zones it does not take, each with one it takes that keeps the same hours all year. */
const sameHours: ReadonlyMap<string, string> = new Map([
  ['America/New_York', 'America/Detroit'],
  ['America/Toronto', 'America/Detroit'],
  ['America/Denver', 'America/Boise'],
  ['America/Phoenix', 'America/Creston'],
  ['America/Halifax', 'America/Glace_Bay'],
  ['Europe/London', 'Europe/Isle_of_Man'],
  ['Europe/Dublin', 'Europe/Isle_of_Man'],
  ['Europe/Lisbon', 'Atlantic/Canary'],
  ['Europe/Berlin', 'Arctic/Longyearbyen'],
  ['Europe/Vienna', 'Arctic/Longyearbyen'],
  ['Europe/Zurich', 'Arctic/Longyearbyen'],
  ['Europe/Amsterdam', 'Arctic/Longyearbyen'],
  ['Europe/Brussels', 'Africa/Ceuta'],
  ['Europe/Paris', 'Africa/Ceuta'],
  ['Europe/Madrid', 'Africa/Ceuta'],
  ['Europe/Rome', 'Arctic/Longyearbyen'],
  ['Europe/Stockholm', 'Arctic/Longyearbyen'],
  ['Europe/Copenhagen', 'Arctic/Longyearbyen'],
  ['Europe/Oslo', 'Arctic/Longyearbyen'],
  ['Europe/Prague', 'Europe/Belgrade'],
  ['Europe/Budapest', 'Europe/Belgrade'],
  ['Europe/Warsaw', 'Europe/Sarajevo'],
  ['Asia/Singapore', 'Asia/Brunei'],
  ['Asia/Shanghai', 'Asia/Taipei'],
  ['Asia/Calcutta', 'Asia/Kolkata'],
  ['Australia/Sydney', 'Australia/Melbourne'],
  ['UTC', 'Africa/Abidjan'],
  ['Etc/UTC', 'Africa/Abidjan'],
]);

/** The zone to hand to Instantly for a sealed one; null when none is known to keep the same hours. */
export const vendorTimezoneOf = (zone: string): string | null =>
  accepted.has(zone) ? zone : (sameHours.get(zone) ?? null);

export const zoneAliases: readonly (readonly [string, string])[] = [...sameHours];
