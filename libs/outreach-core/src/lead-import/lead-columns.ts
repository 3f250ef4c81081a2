/**
 * The headers people's exports carry, best first, without case, spaces and punctuation: Apollo, HubSpot,
 * LinkedIn connections, Clay, ZeroBounce, and the snake_case names of their JSON. Only whole names match,
 * so `Company Name for Emails`, `Secondary Email` or `Company Linkedin Url` are never taken for a field.
 */
export const leadColumnAliases = {
  email: [
    ...['email', 'emailaddress', 'workemail', 'businessemail', 'professionalemail', 'companyemail'],
    ...['primaryemail', 'contactemail', 'mail'],
  ],
  emailStatus: [
    ...['emailstatus', 'emailverificationstatus', 'emailverification', 'verificationstatus', 'zbstatus'],
    ...[
      'zerobouncestatus',
      'emailvalidationstatus',
      'emailvalidation',
      'emaildeliverability',
      'workemailstatus',
    ],
  ],
  emailCatchAll: ['primaryemailcatchallstatus', 'emailcatchallstatus', 'catchallstatus', 'catchall'],
  firstName: ['firstname', 'givenname', 'forename', 'fname', 'first'],
  lastName: ['lastname', 'surname', 'familyname', 'lname', 'last'],
  fullName: ['fullname', 'name', 'contactname', 'contactfullname', 'personname', 'leadname'],
  title: [
    'jobtitle',
    'title',
    'position',
    'currenttitle',
    'currentposition',
    'currentjobtitle',
    'contacttitle',
  ],
  company: [
    ...['companyname', 'company', 'organizationname', 'organisationname', 'organization', 'organisation'],
    ...['currentcompany', 'employer', 'accountname', 'account', 'associatedcompany'],
  ],
  companyDomain: [
    ...[
      'companydomain',
      'companydomainname',
      'domain',
      'companywebsite',
      'website',
      'websiteurl',
      'companyurl',
    ],
    ...['organizationprimarydomain', 'organizationwebsiteurl', 'organizationdomain', 'homepage'],
  ],
  industry: ['industry', 'companyindustry', 'organizationindustry', 'primaryindustry', 'sector'],
  employees: [
    ...['employees', 'numberofemployees', 'noofemployees', 'numemployees', 'employeecount', 'employeescount'],
    ...['companysize', 'companyheadcount', 'headcount', 'companyemployees', 'companyemployeecount'],
    ...['estimatednumemployees', 'organizationestimatednumemployees', 'employeerange', 'size'],
  ],
  revenueUsd: [
    ...[
      'annualrevenue',
      'revenue',
      'annualrevenueusd',
      'revenueusd',
      'companyrevenue',
      'companyannualrevenue',
    ],
    ...['estimatedrevenue', 'estimatedannualrevenue', 'organizationannualrevenue', 'revenuerange'],
  ],
  linkedinUrl: [
    ...[
      'personlinkedinurl',
      'linkedinprofile',
      'linkedinprofileurl',
      'linkedinurl',
      'linkedin',
      'personlinkedin',
    ],
    ...['contactlinkedinurl', 'linkedinbio', 'profileurl', 'url'],
  ],
  city: ['city', 'personcity', 'contactcity', 'town'],
  country: ['country', 'countryregion', 'personcountry', 'contactcountry'],
  externalId: ['apollocontactid', 'recordid', 'contactid', 'leadid', 'externalid', 'id'],
} as const satisfies Record<string, readonly string[]>;

/** A field of a lead that a column can feed. `emailCatchAll` only sharpens `emailStatus`. */
export type LeadColumn = keyof typeof leadColumnAliases;

const isLeadColumn = (text: string): text is LeadColumn => Object.hasOwn(leadColumnAliases, text);

/** Every field name a person may put on the left of `--map field=Header`. */
export const leadColumns: readonly LeadColumn[] = Object.keys(leadColumnAliases).filter(isLeadColumn);
