import { Link } from 'wouter-preact';
import { ExclusionPanel } from './exclusion-panel.tsx';
import { PersonSearch } from './person-search.tsx';
import { SuppressionPanel } from './suppression-panel.tsx';

/** Where a person is in the system, and who is never written to. */
export const People = () => (
  <div class="page">
    <header class="page-head">
      <div>
        <h1>People</h1>
        <p class="quiet">Where somebody is, and who is never written to.</p>
      </div>
      <Link class="button" href="/people/import">
        Import a list
      </Link>
    </header>
    <PersonSearch />
    <ExclusionPanel />
    <SuppressionPanel />
  </div>
);
