import { useDesk } from '../../desk/desk.ts';
import { Button } from '../../parts/button.tsx';
import { DecidingButton } from '../../parts/deciding-button.tsx';
import { LeadText } from '../../parts/visible-text.tsx';

export const ToastList = () => {
  const { toasts } = useDesk();
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.list.value.map((toast) => (
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
