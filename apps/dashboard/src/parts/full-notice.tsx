import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

/** What a screen is, when it has nothing to list: each kind looks and reads differently. */
export type NoticeKind = 'empty' | 'filtered' | 'broken' | 'signed-out' | 'loading';

const icons: Readonly<Record<NoticeKind, IconName>> = {
  empty: 'inbox',
  filtered: 'filter',
  broken: 'plug',
  'signed-out': 'door',
  loading: 'clock',
};

export const FullNotice = ({
  kind,
  title,
  children,
}: {
  readonly kind: NoticeKind;
  readonly title: string;
  readonly children?: ComponentChildren;
}) => (
  <section
    class={`full-notice full-notice-${kind}`}
    data-screen={kind}
    role={kind === 'broken' ? 'alert' : undefined}
    aria-busy={kind === 'loading'}
  >
    <span class="full-notice-sign">
      <Icon name={icons[kind]} />
    </span>
    <h2>{title}</h2>
    {children}
  </section>
);
