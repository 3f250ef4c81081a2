import { useEffect, useRef } from 'preact/hooks';
import { useDesk } from '../../desk/desk.ts';
import { Button } from '../../parts/button.tsx';
import { DecidingButton } from '../../parts/deciding-button.tsx';
import { LeadText } from '../../parts/visible-text.tsx';
import { clearOfBars } from './clear-of-bars.ts';

/** Notes at the foot of the window, for as long as they are there never over a bar of buttons, wherever that moves. */
export const ToastList = () => {
  const { toasts } = useDesk();
  const list = useRef<HTMLDivElement>(null);
  const shown = toasts.list.value;
  useEffect(() => {
    const box = list.current;
    if (box === null || shown.length === 0) return;
    let frame = 0;
    const place = (): void => {
      const bars = [...document.querySelectorAll('.action-bar')].map((bar) => bar.getBoundingClientRect());
      const above = `${clearOfBars(box.getBoundingClientRect(), bars, window.innerHeight)}px`;
      if (box.style.bottom !== above) box.style.bottom = above;
      frame = requestAnimationFrame(place);
    };
    place();
    return () => cancelAnimationFrame(frame);
  }, [shown.length === 0]);
  return (
    <div ref={list} class="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <div class="toast" key={toast.about}>
          <p>
            <LeadText text={toast.text} />
          </p>
          {toast.action === undefined ? null : (
            <DecidingButton
              about={toast.text}
              icon="undo"
              onClick={() => {
                toasts.dismiss(toast);
                toast.action?.run();
              }}
            >
              {toast.action.label}
            </DecidingButton>
          )}
          <Button kind="quiet" icon="cross" label="Dismiss" onClick={() => toasts.dismiss(toast)}>
            {''}
          </Button>
        </div>
      ))}
    </div>
  );
};
