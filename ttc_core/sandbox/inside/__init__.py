"""What runs as process 1 of a box; knows only the standard library, for the box has nothing else.

Nothing in a box can signal its process 1, and when that ends, all in the box ends. Here it first locks itself in
(`lock`), then runs commands (`running`) and hands out files (`texts`) as it is told through its pipes (`process_one`).
"""
