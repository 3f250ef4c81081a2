import type { JobFunction, Seniority } from '@caio/contracts';
import { phraseList } from './phrase-index.ts';

/**
 * A word or phrase that names a rank. `function` is what it stands for when the title says nothing nearer;
 * `owns` keeps that function whatever follows ("CEO, Operations" runs the company). `absorbs` ranks make
 * earlier ranks of the same phrase an adjective ("Owner Relations Manager" is a manager).
 */
export interface RankTerm {
  readonly seniority: Seniority;
  readonly function: JobFunction;
  readonly owns: boolean;
  readonly absorbs: boolean;
  readonly phrases: readonly string[];
}

const owning = (seniority: Seniority, jobFunction: JobFunction, ...phrases: string[]): RankTerm => ({
  seniority,
  function: jobFunction,
  owns: true,
  absorbs: false,
  phrases: phraseList(...phrases),
});

const rank = (seniority: Seniority, jobFunction: JobFunction, ...phrases: string[]): RankTerm => ({
  seniority,
  function: jobFunction,
  owns: false,
  absorbs: false,
  phrases: phraseList(...phrases),
});

const absorbing = (seniority: Seniority, jobFunction: JobFunction, ...phrases: string[]): RankTerm => ({
  seniority,
  function: jobFunction,
  owns: false,
  absorbs: true,
  phrases: phraseList(...phrases),
});

const staff = (jobFunction: JobFunction, ...phrases: string[]): RankTerm =>
  rank('staff', jobFunction, ...phrases);

export const rankTerms: readonly RankTerm[] = [
  owning(
    'founder',
    'executive',
    'founder, founding partner, founding owner, founding principal, grunder, gruender',
    'fondateur, fondatrice, cofondateur, cofundador, fundador, fundadora, fondatore',
    'oprichter, mitgrunder, 创始人',
  ),
  owning(
    'owner',
    'executive',
    'owner, owner operator, owner manager, business owner, proprietor, proprietress',
    'managing member, managing owner, sole trader, self employed, franchisee, inhaber',
    'inhaberin, dueno, duena, propietario, propietaria, titolare, proprietaire, eigenaar',
    'wlasciciel, proprietario',
  ),
  owning(
    'chief',
    'executive',
    'chief executive, president directeur general, pdg, vorstandsvorsitzender',
    'vorstandsvorsitzende, amministratore delegato, consejero delegado, director ejecutivo',
    'diretor executivo, генеральныи директор, 代表取締役, 首席执行官',
  ),
  owning('chief', 'legal', 'general counsel'),
  owning('president', 'executive', 'president, presidente, prasident, prezes'),
  owning(
    'managing_partner',
    'executive',
    'managing partner, managing principal, managing shareholder, general partner',
    'socio director, associe gerant, geschaftsfuhrender gesellschafter',
  ),
  owning(
    'managing_director',
    'executive',
    'managing director, directeur general, directrice generale, geschaftsfuhrer',
    'geschaftsfuhrerin, geschaeftsfuehrer, geschaeftsfuehrerin, gerente general',
    'gerente geral, director general, directora general, direttore generale, diretor geral',
    'algemeen directeur, zaakvoerder, gerant',
  ),
  owning('chief_of_staff', 'executive', 'chief of staff'),
  owning('general_manager', 'executive', 'general manager'),
  rank(
    'partner',
    'executive',
    'partner, senior partner, equity partner, shareholder, principal, socio, socia, associe',
    'gesellschafter',
  ),
  rank('partner', 'operations', 'operating partner'),
  rank('vice_president', 'unknown', 'vice president, vice presidente, vizeprasident'),
  rank(
    'assistant_vice_president',
    'unknown',
    'assistant vice president, associate vice president, deputy vice president',
    'junior vice president',
  ),
  rank('head', 'unknown', 'head, chief, chief of, leiter, leiterin, responsable, jefe, jefa'),
  rank('head', 'executive', 'prokurist'),
  rank(
    'director',
    'unknown',
    'director, directora, directeur, directrice, direktor, direttore, diretor, diretora',
    'dyrektor, executive director',
  ),
  rank('director', 'finance', 'controller, comptroller, treasurer'),
  absorbing('manager', 'unknown', 'manager, manageress, gerente, superintendent'),
  absorbing('lead', 'unknown', 'supervisor, team leader, team lead, foreman, forewoman, foreperson'),
  rank('lead', 'unknown', 'lead, leader'),
  absorbing('staff', 'product', 'product owner, feature owner, epic owner, backlog owner'),
  absorbing('staff', 'operations', 'process owner, journey owner, value stream owner, capability owner'),
  absorbing(
    'staff',
    'information_technology',
    'system owner, it service owner, application owner, platform owner, solution owner',
    'domain owner',
  ),
  absorbing('staff', 'data', 'data owner'),
  absorbing('staff', 'risk', 'risk owner, control owner, policy owner'),
  absorbing('staff', 'projects', 'project owner, program owner, programme owner, budget owner'),
  absorbing(
    'staff',
    'sales',
    'account owner, channel partner, strategic partner, client partner, account executive',
    'sales executive, business development executive, salesperson, salesman, saleswoman, bdr',
    'sdr, ae, closer, buyer',
  ),
  absorbing(
    'staff',
    'people',
    'business partner, people partner, talent partner, hr partner, recruiter, headhunter',
    'talent scout',
  ),
  absorbing('staff', 'technology', 'technology partner, implementation partner, solution partner'),
  absorbing('staff', 'other', 'employee owner, founders associate, founder associate, founders office'),
  absorbing(
    'staff',
    'unknown',
    'coordinator, specialist, representative, rep, analyst, officer, administrator, associate',
    'generalist, clerk, liaison, technician, deputy, member, worker, employee, crew member',
    'team member, coach, editor, financial advisor, wealth advisor, tax advisor',
    'insurance advisor',
  ),
  absorbing('staff', 'marketing', 'marketing executive, copywriter, writer, publicist, strategist'),
  absorbing(
    'staff',
    'field_service',
    'dispatcher, scheduler, installer, estimator, landscaper, electrician, plumber, mechanic',
    'driver, gardener, groundskeeper',
  ),
  staff('engineering', 'engineer, developer, programmer, architect, technologist, designer'),
  staff('legal', 'attorney, lawyer, solicitor, barrister, counsel, paralegal, notary'),
  staff('finance', 'accountant, bookkeeper, auditor, cpa, trader, economist, actuary'),
  staff('sales', 'broker, realtor, agent, reseller'),
  staff('clinical', 'physician, doctor, surgeon, dentist, nurse, therapist, pharmacist, chiropractor'),
  staff('research', 'scientist, researcher, professor, lecturer, teacher, dean, fellow'),
  staff('creative', 'photographer, artist, producer, videographer'),
  staff(
    'other',
    'consultant, contractor, freelancer, operator, trainer, instructor, chef, pilot',
    'entrepreneur in residence, founder in residence, executive in residence, homemaker',
  ),
  absorbing(
    'assistant',
    'administration',
    'assistant, executive assistant, personal assistant, secretary, administrative assistant',
    'virtual assistant, receptionist, office assistant, assistentin, assistente, asistente',
  ),
  absorbing(
    'outside',
    'other',
    'advisor, adviser, mentor, investor, angel investor, evangelist, ambassador',
    'board observer, keynote speaker, speaker, author',
  ),
  owning(
    'outside',
    'executive',
    'board member, board director, board president, board chair, president of the board',
    'chair of the board, chairman of the board, member of the board, board of directors',
    'non executive director, ned, vice chairman, vice chair, chairman, chairwoman',
    'chairperson, chair',
  ),
  absorbing(
    'student',
    'other',
    'student, intern, trainee, apprentice, candidate, volunteer, praktikant, werkstudent',
    'graduate, phd student, mba candidate',
  ),
];

/** Ranks that lower the rank they stand before: an assistant director is below a director. */
export const loweringWords: ReadonlySet<string> = new Set(['assistant', 'associate', 'deputy']);

export const loweredSeniority: Readonly<Partial<Record<Seniority, Seniority>>> = {
  chief: 'deputy_chief',
  president: 'deputy_chief',
  managing_director: 'director',
  managing_partner: 'partner',
  partner: 'associate_director',
  general_manager: 'manager',
  vice_president: 'assistant_vice_president',
  head: 'associate_director',
  director: 'associate_director',
  manager: 'lead',
  lead: 'staff',
};

/** Ranks that are an adjective as soon as another rank follows in the same phrase ("Partner Manager"). */
export const adjectivalPhrases: ReadonlySet<string> = new Set([
  ...['partner', 'principal', 'chief', 'chief of', 'head', 'lead', 'leader'],
]);
