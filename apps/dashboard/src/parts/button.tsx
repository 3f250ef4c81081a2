import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export interface ButtonProps {
  /** `stop` is red, and the stop of everything is all it is for. */
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'stop';
  readonly icon?: IconName;
  readonly shortcut?: string;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly type?: 'button' | 'submit';
  readonly label?: string;
  readonly pressed?: boolean;
  readonly onClick?: () => void;
  readonly children: ComponentChildren;
}

export const Button = (props: ButtonProps) => (
  <button
    type={props.type ?? 'button'}
    class={`button button-${props.kind ?? 'plain'}`}
    disabled={props.disabled === true || props.busy === true}
    aria-busy={props.busy === true}
    aria-label={props.label}
    aria-pressed={props.pressed}
    aria-keyshortcuts={props.shortcut}
    onClick={props.onClick}
  >
    {props.icon === undefined ? null : <Icon name={props.icon} />}
    <span>{props.children}</span>
    {props.shortcut === undefined ? null : <kbd aria-hidden="true">{props.shortcut}</kbd>}
  </button>
);
