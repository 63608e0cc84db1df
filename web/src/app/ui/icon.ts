import { Component, computed, input } from '@angular/core';

/** Drawn for a box of 20, with round lines of 1.5. */
const ICONS = {
  upload: 'M10 13V3.5M6 7l4-4 4 4M3.5 13v2.5a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1V13',
  download: 'M10 3.5V13m-4-4 4 4 4-4M3.5 13v2.5a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1V13',
  close: 'm5 5 10 10M15 5 5 15',
  check: 'm4 10.5 4 4 8-9',
  alert: 'M10 6.5v4m0 3v.01M10 2.5 18 16.5H2Z',
  file: 'M11.5 2.5h-6a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-10Zm0 0v4h4',
  pencil: 'm12.5 4.5 3 3L7 16H4v-3Zm-1.5 1.5 3 3',
  trash: 'M3.5 5.5h13M8 5.5v-2h4v2m-6.5 0 .7 11h7.600l.7-11M8.5 8.5v5m3-5v5',
  sun: 'M10 6.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM10 2v1.5m0 13V18M2 10h1.5m13 0H18M4.300 4.300l1.100 1.100m9.200 9.200 1.100 1.100m0-11.400-1.100 1.100m-9.200 9.200-1.100 1.100',
  moon: 'M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5Z',
  contrast: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm0 0v14m0-11 4.5 0m-4.5 3h6m-6 3h5.5',
  chevron: 'm5.5 8 4.5 4.5L14.5 8',
  back: 'M16 10H4m5-5-5 5 5 5',
  external: 'M8.5 4.5h-4v11h11v-4M12 3.5h4.5V8m0-4.5-7 7',
  retry: 'M16 10a6 6 0 1 1-1.800-4.300L16 7.5m0-4v4h-4',
  offline:
    'M3 3l14 14M5 9.5a7 7 0 0 1 3-1.800m4 .2a7 7 0 0 1 3 1.600M2.5 6.800A10.5 10.5 0 0 1 5.5 5m3.5-.9a10.5 10.5 0 0 1 8.5 2.700M7.5 12.5a3.5 3.5 0 0 1 3.5-.8M10 15.5v.01',
  search: 'M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11Zm4 9.5 4 4',
  grid: 'M3.5 3.5h7v5h-7Zm9.500 0h3.5v5H13ZM3.500 11h3.500v5.500H3.500Zm6 0h7v5.500h-7Z',
  rows: 'M3.500 5h13m-13 5h13m-13 5h13',
  filter: 'M3 5.500h14M5.500 10h9M8 14.500h4',
  plus: 'M10 4v12M4 10h12',
  tag: 'M3.500 3.500h6l7 7-6 6-7-7Zm3.200 3.200v.010',
  share: 'M8.500 11.500l3-3M9.500 6.500l2-2a2.800 2.800 0 0 1 4 4l-2 2m-3 3-2 2a2.800 2.800 0 0 1-4-4l2-2',
  copy: 'M7 7V3.500h9.500V13H13M3.500 7H13v9.500H3.500Z',
  undo: 'M7 5 3.500 8.500 7 12M4 8.500h8a4 4 0 0 1 0 8H9',
  keys: 'M2.500 5.500h15v9h-15Zm3 3v.010m3-.010v.010m3-.010v.010m3-.010v.010M6.500 11.800h7',
  signOut: 'M8 3.5H4.5v13H8M13 6.5l3.5 3.5-3.5 3.5M16.5 10H8',
} as const;
export type IconName = keyof typeof ICONS;

@Component({
  selector: 'hortus-icon',
  host: { 'aria-hidden': 'true' },
  template: `<svg viewBox="0 0 20 20"><path [attr.d]="path()" /></svg>`,
  styles: `
    :host {
      display: inline-block;
      flex: none;
      width: 20px;
      height: 20px;
    }

    svg {
      width: 100%;
      height: 100%;
    }

    path {
      fill: none;
      stroke: currentColor;
      stroke-width: 1.5;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `,
})
export class Icon {
  readonly name = input.required<IconName>();
  protected readonly path = computed(() => ICONS[this.name()]);
}
