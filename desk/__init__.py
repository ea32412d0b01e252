"""The desk: the commands `insyn …`, the doctor, and the pages that are made from the code."""
