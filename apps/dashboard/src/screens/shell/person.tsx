import type { SessionAnswer } from '@caio/contracts';
import { useDesk } from '../../desk/desk.ts';
import { themes, type Theme } from '../../desk/theme.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { instantWords } from '../../words/instant-words.ts';
import { permissionWords } from '../../words/state-words.ts';

const themeWords: Readonly<Record<Theme, string>> = { auto: 'Automatic', light: 'Light', dark: 'Dark' };

/** Who is signed in, what that allows, and the way out. Every decision is recorded under this name. */
export const Person = ({ session }: { readonly session: SessionAnswer }) => {
  const { themes: choice, forgetTab } = useDesk();
  const { name, permissions } = session.principal;
  return (
    <details class="person">
      <summary>
        <Icon name="person" />
        <span class="person-name">{name}</span>
      </summary>
      <div class="person-panel">
        <p>
          Signed in as <strong>{name}</strong>. What you decide is recorded under this name.
        </p>
        <p class="small quiet">
          You may {permissions.map((permission) => permissionWords[permission]).join(', ')}.
        </p>
        {session.expiresAt === null ? null : (
          <p class="small quiet">This session ends {instantWords(session.expiresAt)} at the latest.</p>
        )}
        <div class="choices" role="group" aria-label="Colours">
          {themes.map((theme) => (
            <Button pressed={choice.theme.value === theme} onClick={() => choice.choose(theme)}>
              {themeWords[theme]}
            </Button>
          ))}
        </div>
        {session.via === 'session' ? (
          <form method="post" action="/logout" onSubmit={forgetTab}>
            <input type="hidden" name="csrf" value={session.csrfToken ?? ''} />
            <Button type="submit" icon="door">
              Sign out
            </Button>
          </form>
        ) : null}
      </div>
    </details>
  );
};
