"""What tasks push to XCom, and who pulls it."""
