// CNN
