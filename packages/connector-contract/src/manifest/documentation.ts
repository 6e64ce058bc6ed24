import { accessSection, deletionSection, rolesSection, technicalSection } from './documentation/facts.js';
import { nextStepsSection, stepsSection, troubleshootingSection } from './documentation/guide.js';
import { plain } from './documentation/markdown.js';
import type { ConnectorManifest } from './manifest.generated.js';

/**
 * The set-up page of a connector as Markdown (GitHub flavour): what it does, who may connect it, the steps with their fields, what the
 * choices mean, help by code, next steps and technical details. All of it comes from the manifest, so it can never lag behind.
 * Raw HTML in the manifest's texts is made harmless; a renderer must still refuse script addresses.
 */
export function manifestMarkdown(manifest: ConnectorManifest): string {
  const sections = [
    `# ${plain(manifest.displayName)}\n\n${plain(manifest.summary)}`,
    accessSection(manifest),
    rolesSection(manifest),
    stepsSection(manifest),
    deletionSection(manifest),
    nextStepsSection(manifest),
    troubleshootingSection(manifest),
    technicalSection(manifest),
    manifest.setup.disclaimer === undefined ? '' : `---\n\n${plain(manifest.setup.disclaimer)}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}
