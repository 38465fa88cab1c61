/// <reference lib="dom" />

/** The state of the page, which its HTML holds as JSON. */
export interface ReviewState {
  readonly format: 'noisy-pairs/review';
  readonly version: 1;
  readonly sample: string;
  readonly items: readonly Readonly<Record<'x' | 'y' | 'width' | 'height', number>>[];
}

/** Marks of the pairs, by their order; null: none yet. */
interface Marks {
  readonly all: readonly (string | null)[];
  set(index: number, mark: string | null): void;
}

/**
 * Marks that the browser keeps. Written into the page as text, as all functions here: they may use
 * nothing from outside itself.
 * @param onDenied called where a page from a file may keep nothing
 */
export function openMarks(name: string, count: number, onDenied: () => void): Marks {
  const none = new Array<string | null>(count).fill(null);
  const restored = (): (string | null)[] => {
    try {
      const saved = JSON.parse(localStorage.getItem(name) ?? 'null') as (string | null)[] | null;
      return saved?.length === count ? saved : none;
    } catch {
      return none;
    }
  };
  const all = [...restored()];
  return {
    all,
    set(index, mark) {
      all[index] = mark;
      try {
        localStorage.setItem(name, JSON.stringify(all));
      } catch {
        onDenied();
      }
    },
  };
}

/** Downloads the marks. */
export function saveMarks(state: ReviewState, marks: Marks): void {
  const items = state.items.map((item, i) => ({ ...item, mark: marks.all[i] }));
  const text = `${JSON.stringify({ ...state, items }, null, 1)}\n`;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = 'reviewed.json';
  link.click();
}

/** What the review page does. */
export function reviewInBrowser(open: typeof openMarks, save: typeof saveMarks): void {
  const keys: Record<string, string> = {
    ...{ '1': 'clean', c: 'clean' },
    ...{ '2': 'partly', p: 'partly' },
    ...{ '3': 'wrong', w: 'wrong' },
  };
  const element = (id: string) => document.getElementById(id) as HTMLElement;
  const state = JSON.parse(element('state').textContent) as ReviewState;
  const cards = [...document.querySelectorAll<HTMLElement>('.pair')];
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('button[data-mark]')];
  const marks = open(`noisy-pairs review ${state.sample}`, cards.length, () => {
    element('stored').textContent = 'This browser keeps no marks: save the file before you leave.';
  });
  let at = Math.max(0, marks.all.indexOf(null));

  function go(to: number): void {
    at = Math.max(0, Math.min(cards.length - 1, to));
    const done = marks.all.filter((mark) => mark !== null).length;
    for (const [i, card] of cards.entries()) card.hidden = i !== at;
    for (const button of buttons)
      button.setAttribute('aria-pressed', String(button.dataset['mark'] === marks.all[at]));
    element('progress').textContent = `pair ${at + 1} of ${cards.length}; ${done} marked`;
    (element('bar') as HTMLProgressElement).value = done;
    element('save').textContent =
      done < cards.length ? `Save ${done} of ${cards.length} marks` : `Save all ${done} marks`;
  }

  function mark(as: string | null): void {
    marks.set(at, as);
    go(as === null ? at : at + 1);
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const as = keys[event.key.toLowerCase()];
    if (as !== undefined) mark(as);
    else if (event.key === 'ArrowLeft') go(at - 1);
    else if (event.key === 'ArrowRight') go(at + 1);
    else if (event.key === 'Backspace') mark(null);
    else if (event.key === 's') save(state, marks);
    else return;
    event.preventDefault();
  });
  for (const button of buttons) {
    button.addEventListener('click', () => {
      mark(button.dataset['mark'] ?? null);
      button.blur();
    });
  }
  element('save').addEventListener('click', () => {
    save(state, marks);
  });
  go(at);
}
