// On a narrow screen the filters are a drawer; while it is open the rest of the page rests.

const narrow = matchMedia('(max-width: 56rem)');

export function drawer(): void {
  const filters = document.getElementById('filters')!;
  const open = document.getElementById('filters-open')!;
  const close = document.getElementById('filters-close')!;
  const others = [document.getElementById('results')!, document.querySelector<HTMLElement>('.top')!];

  const set = (isOpen: boolean) => {
    filters.classList.toggle('open', isOpen);
    filters.inert = narrow.matches && !isOpen;
    for (const other of others) other.inert = narrow.matches && isOpen;
    open.setAttribute('aria-expanded', String(isOpen));
  };
  const leave = () => {
    set(false);
    open.focus();
  };

  open.addEventListener('click', () => {
    set(true);
    close.focus();
  });
  close.addEventListener('click', leave);
  filters.addEventListener('keydown', (event) => event.key === 'Escape' && leave());
  narrow.addEventListener('change', () => set(false));
  set(false);
}
