// Light, dark, or as the system has it; kept in this browser.

const KEY = 'theme';
const THEMES = ['auto', 'light', 'dark'] as const;

type Theme = (typeof THEMES)[number];

export function theme(button: HTMLElement): void {
  let current: Theme = THEMES.find((each) => each === localStorage.getItem(KEY)) ?? 'auto';
  const show = () => {
    document.documentElement.dataset['theme'] = current;
    button.textContent = `Theme: ${current}`;
  };
  button.addEventListener('click', () => {
    current = THEMES[(THEMES.indexOf(current) + 1) % THEMES.length] ?? 'auto';
    localStorage.setItem(KEY, current);
    show();
  });
  show();
}
