import { oneLine } from '../../report';

/** What an event is of, if it is of an image or a project at all. */
export interface Named {
  readonly image?: string;
  readonly project?: string;
}

/** As people see it; empty of what is of neither. */
export function subjectName({ image, project }: Named): string {
  return oneLine(image ?? project ?? '');
}

/** A project is often called as its image is. */
export function subjectKey({ image, project }: Named): string {
  return image === undefined ? `project ${project}` : `image ${image}`;
}
