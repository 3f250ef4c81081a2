import type { JobFunction } from '@caio/contracts';
import { phraseList } from './phrase-index.ts';

/** Whole words and phrases that name a field of work. The longest phrase at a place counts. */
export const functionTerms: Readonly<Partial<Record<JobFunction, readonly string[]>>> = {
  operations: phraseList(
    'operations, operation, operating, operational, business operations, field operations',
    'operational excellence, continuous improvement, process improvement, process, plant',
    'shared services, store operations, operaciones, operacoes, operazioni, betrieb',
    'exploitation',
  ),
  field_service: phraseList(
    'field service, field, service, services, dispatch, dispatching, scheduling, fleet, crew',
    'crews, route, maintenance, installation, installations, landscape, landscaping, lawn',
    'lawn care, grounds, hvac, plumbing, electrical, irrigation, snow, construction',
    'facilities, site, roofing, tree care',
  ),
  technology: phraseList('technology, technologies, technical, technologie, tecnologia'),
  information_technology: phraseList(
    'it, information technology, information systems, information services, systems, mis, erp',
    'infrastructure, network, networks, cloud, technical services, technical support',
    'it services, managed services, informatique, informatica, sistemas',
  ),
  engineering: phraseList(
    'engineering, software, software engineering, software development, web development',
    'devops, platform, platforms, ingenieria, application development',
  ),
  data: phraseList('data, analytics, business intelligence, data science, bi, insights'),
  ai: phraseList('ai, artificial intelligence, machine learning, ml, genai, generative ai, ki'),
  digital: phraseList('digital, digitalisierung, digitalization, digitization'),
  innovation: phraseList('innovation, innovacion, innovations'),
  transformation: phraseList('transformation, transformacion, business transformation, change management'),
  strategy: phraseList(
    'strategy, strategies, strategic planning, strategic initiatives, corporate development',
    'business strategy, estrategia, strategie',
  ),
  revenue: phraseList('revenue, revenue operations, growth, commercial, monetization, go to market, gtm'),
  sales: phraseList(
    'sales, business development, account management, account, accounts, key accounts, bd',
    'partnerships, partnership, alliances, channel, enablement, presales, ventas, vertrieb',
    'ventes, comercial, commerciale, territory',
  ),
  marketing: phraseList(
    'marketing, brand, branding, communications, communication, pr, public relations, media',
    'content, seo, social media, demand generation, demand gen, advertising, events',
    'community',
  ),
  product: phraseList('product, products, product management'),
  customer: phraseList(
    'customer, customers, client, clients, customer success, customer experience, support',
    'customer service, customer services, client services, client service',
    'professional services, guest, guest services, cx, patient experience, member services',
  ),
  finance: phraseList(
    'finance, financial, financial services, accounting, treasury, tax, audit, payroll',
    'billing, investor relations, investment, investments, wealth, credit, lending, pnl',
    'financial planning, finanzen, finanzas, mna',
  ),
  people: phraseList(
    'human resources, people, people operations, talent, talent acquisition, recruiting',
    'culture, recruitment, learning, training, personnel, compensation, benefits',
    'recursos humanos, lnd',
  ),
  legal: phraseList('legal, law, contracts, privacy, litigation, patent'),
  risk: phraseList('risk, compliance, ethics, safety, ehs, governance, quality, quality assurance, qa'),
  security: phraseList(
    'security, information security, cybersecurity, cyber security, cyber, infosec',
    'it security',
  ),
  supply_chain: phraseList(
    'supply chain, logistics, procurement, purchasing, sourcing, warehouse, distribution',
    'transportation, inventory, shipping, manufacturing',
  ),
  administration: phraseList(
    'administration, administrative, office, front desk, front office, back office, admin',
    'reception, clerical',
  ),
  projects: phraseList(
    'project, projects, program, programs, programme, programmes, pmo, delivery, agile',
    'implementation, scrum, portfolio',
  ),
  creative: phraseList('creative, design, art, video, ux, photography, editorial, production'),
  clinical: phraseList(
    'clinical, medical, nursing, patient, pharmacy, dental, surgical, surgery, cardiology',
  ),
  research: phraseList('research, science, rnd, laboratory, lab'),
};

/** Words between `chief` and `officer` that mean something else there than they do alone. */
export const chiefFunctionTerms: ReadonlyMap<string, JobFunction> = new Map<string, JobFunction>([
  ['executive', 'executive'],
  ['operating', 'operations'],
  ['information', 'information_technology'],
  ['financial', 'finance'],
  ['commercial', 'revenue'],
  ['administrative', 'administration'],
  ['experience', 'customer'],
  ['scientific', 'research'],
  ['development', 'sales'],
  ['business', 'strategy'],
]);

/** Fields that others qualify: "sales operations" is sales, "IT strategy" is IT. */
export const qualifiedFunctions: ReadonlySet<JobFunction> = new Set(['operations', 'strategy', 'projects']);

/** Fields that only a line of the business qualifies: "sales innovation" is sales, "IT innovation" innovation. */
export const crossFunctions: ReadonlySet<JobFunction> = new Set([
  ...(['innovation', 'transformation', 'digital', 'ai', 'data'] as const),
]);
export const lineFunctions: ReadonlySet<JobFunction> = new Set([
  ...([
    'sales',
    'revenue',
    'marketing',
    'product',
    'customer',
    'finance',
    'people',
    'legal',
    'risk',
  ] as const),
  ...(['security', 'supply_chain', 'clinical', 'creative'] as const),
]);

/** Words that say where or how big, not what: a bare "VP, North America" has no known field of work. */
export const fieldlessWords: ReadonlySet<string> = new Set(
  phraseList(
    'the, a, an, of, for, in, de, des, du, d, della, di, der, von, fur, la, el, corporate',
    'company, team, department, dept, division, divisional, unit, management, business',
    'enterprise, firm, inc, llc, ltd, gmbh, international, national, worldwide, north, south',
    'east, west, northeast, southeast, northwest, southwest, central, midwest, america',
    'americas, us, usa, uk, europe, canada, emea, apac, latam, dach, asia, region, area',
    'district, state, general, current, currently, now, level, ii, iii, iv',
  ),
);
