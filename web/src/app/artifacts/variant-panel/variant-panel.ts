import { Component, computed, input } from '@angular/core';
import { VARIANT_FORMAT_NAMES } from '../format-names.ts';
import type { Manifest, Variant, VariantFormat } from '@hortus/contracts/artifact';
import { formatBytes } from '../../ui/byte-size.ts';
import { variantFormats, variantRows } from '../variant-table.ts';

/** Which variants exist, width by format, with their bytes. */
@Component({
  selector: 'hortus-variant-panel',
  templateUrl: './variant-panel.html',
  styleUrl: './variant-panel.css',
})
export class VariantPanel {
  readonly manifest = input.required<Manifest>();
  /** The one on the screen. */
  readonly shown = input.required<Variant | null>();

  protected readonly formats = computed(() => variantFormats(this.manifest()));
  protected readonly names = VARIANT_FORMAT_NAMES;
  protected readonly rows = computed(() => variantRows(this.manifest()));
  protected readonly formatBytes = formatBytes;

  protected isShown(format: VariantFormat, widthPx: number): boolean {
    const shown = this.shown();
    return shown?.format === format && shown.widthPx === widthPx;
  }
}
