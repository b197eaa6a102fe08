"""Progress where nobody watches."""

from sim.cli.playing import Lines


def test_in_a_pipe_a_line_is_said_now_and_then(capsys):
    """Not at once, not twice within 20 s, not at the end; the rest is as fast as what was played.

    What came before the first step, such as compiling, is no guide.
    """
    clock = [0.0]
    lines = Lines(lambda: clock[0])
    for at, done in ((1, 10), (25, 50), (40, 60), (50, 80), (90, 200)):
        clock[0] = 100.0 + at
        lines.advance("my-center", done, 200)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "my-center: 25%, about 90 s left",
        "my-center: 40%, about 84 s left",
    ]
