# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Create exactly once, whatever happens to the answer: look before anything is sent again."""

from __future__ import annotations

import uuid

from . import errors, wait

MARKER = "ansible_create_id"  # metadata key; stays on the thing, so that a later look finds it
TRIES = 3
YOUNG = 30.0  # seconds in which a thing just made may not be found by its id yet
LOOKS = (0.5, 2.0, 5.0)  # seconds; a thing just made may take a moment to show


def marked(post, namesakes, by_looks, remove, metadata, with_mark=True):
    """(thing, alone): the one thing that a create made. It carries a mark in its metadata, by which it is found after a lost answer.

    alone(): removes a second one, for the end of the wait; None when there cannot be any.
    post(metadata): sends the request with these items; namesakes(): the things of that name that there are; by_looks(thing):
    whether only this request can have made it, for one that has no room for the mark; remove(thing): deletes a second one,
    which only a lie can make. metadata: the items of the request without the mark.
    """
    if with_mark:
        mark, sent = uuid.uuid4().hex, []

        def ours():
            return [thing for thing in namesakes() if mark_of(thing) == mark]

        def send():
            sent.append(mark)
            return post(dict(metadata, **{MARKER: mark}))
        try:
            made, _looked = once(send, lambda: next(iter(ours()), None))
        except errors.ApiError as error:
            if error.status not in (400, 403, 413) or "metadata" not in error.text.lower():
                raise
            # The account allows too few items for the mark. So nothing was made, nor by an earlier request that left that open: it was the same.
        else:
            return made, only(made, ours, remove) if len(sent) > 1 else None
    return once(lambda: post(metadata), lambda: next((thing for thing in namesakes() if by_looks(thing)), None))[0], None


def only(made, ours, remove):
    """Remove what an earlier request made after all, as far as it shows by now. Gives alone() of marked(), for what shows later."""
    def alone():
        with errors.Doing("look whether an earlier request made a second one"):
            others = [thing for thing in ours() if thing["id"] != made["id"]]
            for other in others:
                remove(other)
            return others
    find(alone, lambda error: None)  # a list that does not come now is asked for again at the end
    return alone


def done_alone(done, alone):
    """The predicate ``done`` of a wait, which sees to it in the end that there is but one thing."""
    def reached(thing):
        end = done(thing)
        if end and alone:
            alone()
        return end
    return reached


def mark_of(thing):
    """The mark of the create that made a raw thing, or None."""
    return (thing.get("metadata") or {}).get(MARKER)


def of_one_create(one, other):
    """Whether two raw things were made by one create, of which a request came through after all, or twice."""
    return mark_of(one) is not None and mark_of(one) == mark_of(other)


def once(send, look):
    """What send() answers, or what look() finds after an answer that was lost or bad though the thing may be made.

    send() posts the request; look() gives what the request made, or None. Returns (result, looked), where looked tells that
    it was found by looking or sent more than once. Raises the error of the last
    answer when nothing can be found, or when nobody could look: then nothing is sent again.
    """
    lost = None
    for attempt in range(1, TRIES + 1):
        try:
            return send(), attempt > 1
        except errors.CloudError as error:
            if not may_have_happened(error):
                if lost is None:
                    raise
                return came_through(look, lost, error), True
            lost = error
        found, looks = find(look, lambda refusal, lost=lost: refused(refusal, lost))
        if found:
            return found, True
        if not looks:
            raise unknown(lost, "and it could not be looked for since, so it may be there")
    raise unknown(lost, "though it was sent %d times and looked for after each" % TRIES)


def came_through(look, lost, refusal):
    """What an earlier request made after all, whose answer was lost: a later one may have been refused because of it, by a quota or as the
    second of its name. Raises the refusal, with what may be there, when it does not show."""
    found, _looks = find(look, lambda error: None)  # the refusal says more than that nobody may look
    if not found:
        refusal.args = ("%s An earlier request was left open (%s), so it may be there all the same. Run the task again: it looks first."
                        % (refusal.args[0], lost.args[0]),)
        raise refusal
    return found


def find(look, refuse=None):
    """(what was found or None, how many looks succeeded). refuse(error): what to do when a look was refused; None: raise that."""
    looks = 0
    for pause in LOOKS:
        wait.rest(pause)
        try:
            found = look()
        except errors.CloudError as error:
            if not error.passing:
                if not refuse:
                    raise
                refuse(error)
            continue
        looks += 1
        if found:
            return found, looks
    return None, looks


def unknown(error, what):
    """The error of the lost answer, with what is known about the thing now."""
    error.args = ("%s Nothing was found, %s. Run the task again: it looks first." % (error.args[0], what),)
    return error


def refused(error, lost):
    """Raise the error of a look that was refused, with what it was for."""
    error.args = ("%s This was to find what was sent for before, without an answer that tells whether it was carried out (%s); so it may be there. "
                  "Once that works, run the task again: it looks first." % (error.args[0], lost.args[0]),)
    raise error


def may_have_happened(error):
    """True for the ends of a request that leave open whether it was carried out."""
    if isinstance(error, errors.ApiError):
        return error.leaves_open or error.status == 401  # the login is renewed by then, see Api.create
    return isinstance(error, (errors.LostAnswer, errors.BadAnswer))
