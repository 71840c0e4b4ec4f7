print("ensue")
